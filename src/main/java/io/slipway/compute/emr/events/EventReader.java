package io.slipway.compute.emr.events;

import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.emr.launch.StepName;
import io.slipway.jobs.RunReport.Phase;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an event of EventBridge says, which is never taken for true: it tells where to look. */
public final class EventReader {

    private static final Logger log = LoggerFactory.getLogger(EventReader.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Function<String, List<String>> clusterNames;

    /** @param clusterNames the configured names of a cluster id */
    public EventReader(Function<String, List<String>> clusterNames) {
        this.clusterNames = clusterNames;
    }

    /** None for what is no event of a cluster, or a step, of ours. */
    List<ClusterEvent> clusterEvents(String body) {
        try {
            JsonNode detail = JSON.readTree(body).path("detail");
            String stepId = detail.path("stepId").asString("");
            List<String> clusters = clusterNames.apply(detail.path("clusterId").asString(""));
            if (stepId.isEmpty()) {
                return clusters.stream().map(ClusterEvent::ofCluster).toList();
            }
            Phase phase = phase(detail.path("state").asString(""));
            return StepName.key(detail.path("name").asString("")).stream()
                    .flatMap(key -> clusters.stream().map(name -> new ClusterEvent(name, key, stepId, phase)))
                    .toList();
        } catch (JacksonException malformed) {
            log.debug("A message that is no event: {}", malformed.getMessage());
            return List.of();
        }
    }

    private static @Nullable Phase phase(String state) {
        return switch (state) {
            // A cancel that was asked for is no news by itself, only that there is a step.
            case "PENDING", "CANCEL_PENDING" -> Phase.PENDING;
            case "RUNNING" -> Phase.RUNNING;
            case "COMPLETED" -> Phase.SUCCEEDED;
            case "FAILED" -> Phase.FAILED;
            case "CANCELLED" -> Phase.CANCELLED;
            default -> null;
        };
    }
}
