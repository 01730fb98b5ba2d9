package io.slipway.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A cluster that was made to order, and how that went. */
@Schema(name = "ClusterOrderStory")
record OrderStoryView(
        OrderView order,

        @Schema(description = "The last 200 lines of its history, oldest first.")
        List<OrderEventView> events) {}
