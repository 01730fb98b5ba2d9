package io.slipway.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Spark's pages: on the cluster while it lives, and in a history server apart, which takes a while to be there. */
final class EmrAppUis {

    /** emr-facts, section 1: "public clients retry for about 30 s". */
    private static final Duration TAKES = Duration.ofSeconds(20);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Clock clock;
    private final Map<String, Instant> made = new HashMap<>();
    private int links;

    EmrAppUis(Clock clock) {
        this.clock = clock;
    }

    static String arn(String clusterId) {
        return "arn:aws:elasticmapreduce:" + SimulatedS3.REGION + ":123456789012:cluster/" + clusterId;
    }

    ObjectNode create(String arn, Map<String, EmrCluster> clusters) {
        String clusterId = arn.substring(arn.lastIndexOf('/') + 1);
        if (!arn.equals(arn(clusterId)) || !clusters.containsKey(clusterId)) {
            throw EmrError.invalidRequest("The target resource ARN is not valid.");
        }
        String id = "p-" + clusterId.substring(2);
        made.putIfAbsent(id, clock.instant());
        return JSON.createObjectNode().put("PersistentAppUIId", id).put("RuntimeRoleEnabledCluster", false);
    }

    ObjectNode describe(String id) {
        ObjectNode out = JSON.createObjectNode();
        out.putObject("PersistentAppUI")
                .put("PersistentAppUIId", id)
                .put("PersistentAppUIStatus", isReady(id) ? "ATTACHED" : "STARTING");
        return out;
    }

    ObjectNode presigned(String id, String application) {
        return link(isReady(id), "https://" + id + ".emrappui-prod.example/shs/history/" + application);
    }

    ObjectNode onCluster(EmrCluster cluster, String type, String application) {
        if (cluster.isClosed()) {
            throw EmrError.invalidRequest("Cluster is not in a valid state for on-cluster UIs.");
        }
        return link(true, "https://" + cluster.id + ".emrappui-prod.example/" + type + "/" + application);
    }

    private boolean isReady(String id) {
        Instant since = made.get(id);
        if (since == null) {
            throw EmrError.invalidRequest("Persistent app UI '" + id + "' is not valid.");
        }
        return !clock.instant().isBefore(since.plus(TAKES));
    }

    private ObjectNode link(boolean ready, String url) {
        ObjectNode out = JSON.createObjectNode().put("PresignedURLReady", ready);
        return ready ? out.put("PresignedURL", url + "?authToken=secret-" + ++links) : out;
    }
}
