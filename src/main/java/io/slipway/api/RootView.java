package io.slipway.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.Map;

/** The service and the addresses that it has. */
@Schema(name = "Root")
record RootView(
        @Schema(description = "Always `slipway`.", example = "slipway")
        String name,

        @Schema(
                description =
                        "self, jobs, plans, clusters, events, stats; description (OpenAPI), swaggerUi, console, client, health.")
        Map<String, URI> links) {}
