package io.slipway.api;

import io.slipway.compute.CallsLeft;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterKind;
import io.slipway.compute.ClusterTraits;
import io.slipway.jobs.JobState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configured cluster and what is on it. */
@Schema(name = "Cluster")
record ClusterView(
        @Schema(example = "local") String name,
        ClusterKind kind,

        @Schema(description = "Whether jobs that name no cluster go there.")
        boolean isDefault,

        @Schema(description = "The cluster's own word for its state; UNKNOWN before the first look.", example = "READY")
        String state,

        @Nullable String message,

        @Schema(
                description = "The EMR cluster that the name stands for now; null while none is found.",
                example = "j-2AXXXXXXGAPLF")
        @Nullable
        String clusterId,

        @Schema(description = "When the cluster last answered.") @Nullable
        Instant seenAt,

        @Schema(description = "How many of our runs may be there at once, waiting ones included.")
        int slots,

        @Schema(
                description =
                        "How many calls of each kind may be made to EMR at this moment, as the leader counted at its last look; empty for this machine.")
        List<CallsLeft> calls,

        @Schema(description = "Live jobs by state.", example = "{\"QUEUED\": 3, \"RUNNING\": 2}")
        Map<JobState, Long> jobs,

        @Schema(description = "How its clusters are made to order; null where a cluster is there already.") @Nullable
        OrderingView ordering) {

    static ClusterView of(
            ClusterTraits cluster,
            boolean isDefault,
            ClusterHealth health,
            Map<JobState, Long> jobs,
            @Nullable OrderingView ordering) {
        return new ClusterView(
                cluster.name(),
                cluster.kind(),
                isDefault,
                health.state().name(),
                health.message(),
                health.clusterId(),
                health.seenAt(),
                cluster.slots(),
                health.calls(),
                jobs,
                ordering);
    }
}
