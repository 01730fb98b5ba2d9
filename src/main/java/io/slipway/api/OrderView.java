package io.slipway.api;

import io.slipway.provision.ClusterOrder;
import io.slipway.provision.OrderState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A cluster that was made to order, or is about to be. */
@Schema(name = "ClusterOrder")
record OrderView(
        @Schema(
                description = "Part of the EMR cluster's name, and its tag `slipway:order`.",
                example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN")
        String id,

        @Schema(
                description =
                        "WANTED: nothing was sent. REQUESTED: sent, the answer is not known. STARTING. READY: takes"
                                + " runs. DRAINING: gets no more. ENDING: its end was asked for. ENDED, FAILED.")
        OrderState state,

        Instant stateSince,

        @Schema(description = "`slipway`, or the operator who asked for it.", example = "slipway")
        String wantedBy,

        Instant createdAt,

        @Schema(example = "j-2AXXXXXXGAPLF") @Nullable String clusterId,

        @Schema(description = "The only job it was made for; null where jobs share clusters.") @Nullable
        String jobId,

        @Schema(description = "When it first took runs.") @Nullable
        Instant readyAt,

        @Nullable Instant endedAt,

        @Schema(
                description = "The last that was said of it, such as why it failed.",
                example = "It was idle for 15 min.")
        @Nullable
        String reason,

        @Schema(description = "Normalised instance hours, as EMR counted them at the last look.", example = "24")
        @Nullable
        Integer instanceHours) {

    static OrderView of(ClusterOrder order) {
        return new OrderView(
                order.key(),
                order.state(),
                order.stateSince(),
                order.wantedBy(),
                order.createdAt(),
                order.clusterId(),
                order.jobId(),
                order.readyAt(),
                order.endedAt(),
                order.reason(),
                order.instanceHours());
    }
}
