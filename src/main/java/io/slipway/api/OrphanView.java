package io.slipway.api;

import io.slipway.provision.OrphanedCluster;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A cluster of this installation that no order owns. */
@Schema(name = "OrphanedCluster")
record OrphanView(
        @Schema(example = "j-2AXXXXXXGAPLF") String clusterId,

        @Schema(description = "The configured cluster, taken from its name.", example = "nightly")
        String cluster,

        @Schema(description = "The order, taken from its name.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN")
        String orderId,

        @Schema(description = "When it was made, as EMR reports it.")
        Instant createdAt,

        @Schema(description = "When the leader first saw it without an order.")
        Instant foundAt,

        @Schema(
                description = "Why no order owns it.",
                example = "Order 01JD3Q8Z0V7M4T2K5E9XHWBRCN is not known: the database may have been restored.")
        String why,

        @Schema(description = "When somebody wanted it to end; null while nobody does.") @Nullable
        Instant endWishedAt,

        @Schema(description = "`slipway`, or the operator who wants it to end.", example = "olga") @Nullable
        String endWishedBy) {

    static OrphanView of(OrphanedCluster orphan) {
        return new OrphanView(
                orphan.clusterId(),
                orphan.cluster(),
                orphan.orderKey(),
                orphan.createdAt(),
                orphan.foundAt(),
                orphan.why(),
                orphan.endWishedAt(),
                orphan.endWishedBy());
    }
}
