package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentState;
import io.slipway.environments.InstalledPackage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Python environment as clients see it. */
@Schema(name = "Environment")
record EnvironmentView(
        @Schema(description = "A ULID: ids sort by time of creation.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN")
        String id,

        @Schema(
                description =
                        "WANTED: waits for its (next) build. BUILDING. READY. FAILED. CANCELLED: nobody needed it.")
        EnvironmentState state,

        @Schema(description = "Why it failed, or is built again later, with pip's last lines.") @Nullable
        String message,

        @Schema(description = "SHA-256 of all that decides the content; the same key is built once.")
        String key,

        @Schema(
                description =
                        "Counts the environments of the key: one that is too old, or failed, is followed by another.")
        int generation,

        @Schema(description = "Where it was, or is, built.", example = "local")
        String cluster,

        @Schema(
                description =
                        "Who needed it first. One of which everything is hashed serves all who want the same; null on somebody else's.")
        @Nullable
        String owner,

        @Schema(description = "Whether every package is named by a hash. Others are built anew when they are old.")
        boolean hashed,

        @Schema(description = "How many builds were begun.") int attempt,

        @Schema(description = "Version of its Python.", example = "3.11.7") @Nullable
        String python,

        List<PackageView> packages,

        @Schema(description = "Packed, where it travels; else as it lies on the disk.")
        long sizeBytes,

        double buildSeconds,
        Instant createdAt,
        @Nullable Instant endedAt,
        Instant lastUsedAt,

        @Schema(description = "self, log; rebuild for its owner and operators.")
        Map<String, URI> links) {

    @Schema(name = "Package")
    record PackageView(
            @Schema(example = "numpy") String name,
            @Schema(example = "2.1.3") String version) {

        static PackageView of(InstalledPackage installed) {
            return new PackageView(installed.name(), installed.version());
        }
    }

    static EnvironmentView of(Environment environment, Caller caller, Links links) {
        boolean own = caller.sees(environment.owner());
        Map<String, URI> relations = new LinkedHashMap<>();
        relations.put("self", links.environment(environment.id(), ""));
        relations.put("log", links.environment(environment.id(), "/log"));
        if (own) {
            relations.put("rebuild", links.environment(environment.id(), "/rebuild"));
        }
        return new EnvironmentView(
                environment.id(),
                environment.state(),
                environment.message().orElse(null),
                environment.key(),
                environment.generation(),
                environment.cluster(),
                own ? environment.owner() : null,
                environment.isHashed(),
                environment.attempt(),
                environment.python(),
                environment.packages().stream().map(PackageView::of).toList(),
                environment.sizeBytes(),
                environment.buildSeconds(),
                environment.createdAt(),
                environment.endedAt(),
                environment.lastUsedAt(),
                relations);
    }
}
