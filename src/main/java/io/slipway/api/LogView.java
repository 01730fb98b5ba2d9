package io.slipway.api;

import io.slipway.logs.LogInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log that exists. */
@Schema(name = "Log")
record LogView(
        @Schema(example = "stdout") String name,
        int attempt,

        @Schema(
                description =
                        "Bytes that can be read now; null when that is not known without reading them (a compressed log).")
        @Nullable
        Long size,

        Map<String, URI> links) {

    static LogView of(LogInfo log, String jobId, Links links) {
        return new LogView(
                log.name(),
                log.attempt(),
                log.size().isPresent() ? log.size().getAsLong() : null,
                Map.of("self", links.job(jobId, "/logs/" + log.name() + "?attempt=" + log.attempt())));
    }
}
