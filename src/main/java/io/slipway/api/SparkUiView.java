package io.slipway.api;

import io.swagger.v3.oas.annotations.media.Schema;

/** What is still to happen before there is a link. */
@Schema(name = "SparkUi")
record SparkUiView(
        @Schema(example = "EMR is making the link.") String message) {}
