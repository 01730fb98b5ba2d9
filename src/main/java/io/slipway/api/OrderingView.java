package io.slipway.api;

import io.slipway.provision.ClusterTemplate;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the clusters of a name are made to order. */
@Schema(name = "Ordering")
record OrderingView(
        @Schema(description = "At most so many clusters at once; one that is ending counts.", example = "1")
        int most,

        @Schema(description = "Whether each job gets a cluster of its own.")
        boolean perJob,

        @Schema(type = "string", example = "PT15M") Duration idleTimeout,

        @Schema(type = "string", example = "PT24H") Duration longestLife,

        @Schema(
                description = "Of the template; clusters that were made by another one are drained.",
                example = "9f86d081884c7d65")
        String templateHash,

        @Schema(description = "Those that are not over, and the last five that are; newest first.")
        List<OrderView> orders,

        @Schema(description = "What jobs in the queue wait for; null when a cluster takes runs, or none is needed.")
        @Nullable
        WaitingForView waitingFor,

        @Schema(
                description = "The first 20 jobs in the queue that the caller may see, oldest first.",
                example = "[\"01JD3Q8Z0V7M4T2K5E9XHWBRCN\"]")
        List<String> waitingJobs) {

    static OrderingView of(
            ClusterTemplate template,
            List<OrderView> orders,
            @Nullable WaitingForView waitingFor,
            List<String> waitingJobs) {
        return new OrderingView(
                template.size().most(),
                template.size().perJob(),
                template.times().idle(),
                template.times().longestLife(),
                template.hash(),
                orders,
                waitingFor,
                waitingJobs);
    }
}
