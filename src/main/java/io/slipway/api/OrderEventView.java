package io.slipway.api;

import io.slipway.provision.ClusterOrderEvent;
import io.slipway.provision.OrderState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of the history of a cluster that was made to order. */
@Schema(name = "ClusterOrderEvent")
record OrderEventView(
        Instant at,

        @Schema(description = "null for the first line.") @Nullable
        OrderState from,

        OrderState to,

        @Schema(description = "`slipway`, or the operator who asked for it.", example = "slipway")
        String by,

        @Schema(description = "Such as why it failed.", example = "It was idle for 15 min.") @Nullable
        String reason) {

    static OrderEventView of(ClusterOrderEvent event) {
        return new OrderEventView(event.occurredAt(), event.from(), event.to(), event.by(), event.reason());
    }
}
