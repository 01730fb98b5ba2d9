package io.slipway.environments;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The end of a build, as {@code environment.py} wrote it down.
 *
 * @param problem {@code null} when all went well
 * @param python version of the environment's Python
 * @param sha256 of the packed environment; {@code null} where it is not packed
 */
public record BuildResult(
        @Nullable Problem problem,
        List<InstalledPackage> packages,
        @Nullable String python,
        long unpacked,
        long packed,
        @Nullable String sha256,
        double seconds) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** Another build may go through. */
    private static final Set<String> PASSING = Set.of("download", "disk", "machine");

    private static final String NETWORK = "network";

    @SuppressWarnings("NullAway") // What was not written.
    public BuildResult {
        packages = List.copyOf(Objects.requireNonNullElse(packages, List.of()));
    }

    /** @param lines the last ones that pip printed */
    public record Problem(String kind, String message, List<String> lines) {

        String text() {
            return message + (lines.isEmpty() ? "" : "\n" + String.join("\n", lines));
        }
    }

    /** @throws IllegalArgumentException when it is none */
    public static BuildResult of(byte[] json) {
        try {
            return JSON.readValue(json, BuildResult.class);
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException("The result of the build cannot be read.", unreadable);
        }
    }

    public BuildReport report() {
        if (problem == null) {
            return BuildReport.BUILT;
        }
        if (NETWORK.equals(problem.kind())) {
            return BuildReport.missedIndex(problem.text());
        }
        return PASSING.contains(problem.kind()) ? BuildReport.lost(problem.text()) : BuildReport.failed(problem.text());
    }
}
