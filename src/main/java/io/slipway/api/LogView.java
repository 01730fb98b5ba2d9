package io.slipway.api;

import io.slipway.compute.LogStream;
import io.slipway.jobs.JobId;
import io.slipway.logs.LogInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log that exists. */
@Schema(name = "Log")
record LogView(
        @Schema(description = "The same for every cluster and mode.", example = "stdout")
        String name,

        @Schema(
                description =
                        "What it holds. container: of a YARN container of which nobody knows yet whether it is the driver's.",
                example = "program",
                allowableValues = {"program", "spark", "master", "step", "container", "executor"})
        String role,

        @Schema(description = "Number of the YARN container, where there are many.") @Nullable
        String container,

        int attempt,

        @Schema(description = "Attempt of the YARN application, which YARN may have started again.", example = "1")
        int applicationAttempt,

        @Schema(
                description =
                        "Bytes that can be read now; null when that is not known without reading them (a compressed log).")
        @Nullable
        Long size,

        @Schema(description = "What a reader has to know of it, such as that it holds stderr too; null for nothing.")
        @Nullable
        String note,

        Map<String, URI> links) {

    static LogView of(LogInfo log, JobId jobId, Links links) {
        LogStream stream = log.stream();
        return new LogView(
                stream.toString(),
                stream.role().name().toLowerCase(Locale.ROOT),
                stream.container(),
                log.attempt(),
                stream.attempt(),
                log.size().isPresent() ? log.size().getAsLong() : null,
                log.note(),
                Map.of("self", links.job(jobId, "/logs/" + stream + "?attempt=" + log.attempt())));
    }
}
