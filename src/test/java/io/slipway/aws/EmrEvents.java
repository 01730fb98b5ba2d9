package io.slipway.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** EMR's events as EventBridge brings them to a queue; the shapes are those of emr-facts, section 7. */
public final class EmrEvents {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EmrEvents() {}

    /** From now on each change of a step goes to the queue, this long after it was seen to happen. */
    public static void connect(SimulatedEmr emr, SimulatedSqs queue, Clock clock, Duration latency) {
        emr.onChange(
                (cluster, step) -> queue.send(ofStep(clock, cluster, step.id(), step.name(), step.state()), latency));
    }

    public static String ofStep(Clock clock, String clusterId, String stepId, String name, String state) {
        ObjectNode event = event(clock, "EMR Step Status Change");
        event.putObject("detail")
                .put("severity", state.equals("FAILED") ? "ERROR" : "INFO")
                .put("actionOnFailure", "CONTINUE")
                .put("stepId", stepId)
                .put("name", name)
                .put("clusterId", clusterId)
                .put("state", state)
                .put(
                        "message",
                        "Step " + stepId + " (" + name + ") in Amazon EMR cluster " + clusterId + " is " + state);
        return event.toString();
    }

    /** Its {@code stateChangeReason} is JSON, but encoded as a string. */
    public static String ofCluster(Clock clock, String clusterId, String state) {
        ObjectNode event = event(clock, "EMR Cluster State Change");
        event.putObject("detail")
                .put("severity", "INFO")
                .put("stateChangeReason", "{\"code\":\"USER_REQUEST\",\"message\":\"Terminated by user request\"}")
                .put("name", "analytics")
                .put("clusterId", clusterId)
                .put("state", state)
                .put("message", "Amazon EMR Cluster " + clusterId + " is " + state);
        return event.toString();
    }

    private static ObjectNode event(Clock clock, String type) {
        ObjectNode event = JSON.createObjectNode()
                .put("version", "0")
                .put("id", UUID.randomUUID().toString())
                .put("detail-type", type)
                .put("source", "aws.emr")
                .put("account", "123456789012")
                .put("time", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", SimulatedS3.REGION);
        event.putArray("resources");
        return event;
    }
}
