package io.slipway.compute;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code progress.json} as drivers, or what watches them, write it: a stranger's words, of which only what makes sense is taken. */
public record ProgressFile(
        @Nullable String applicationId,
        @Nullable Integer executors,
        int activeJobs,
        int activeStages,
        @Nullable List<@Nullable StageOf> stages) {

    public static final String NAME = "progress.json";

    public static final int LARGEST = 64 << 10;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final int MOST_STAGES = 10;
    private static final int LONGEST_NAME = 200;
    private static final Pattern APPLICATION = Pattern.compile("application_\\d{1,20}_\\d{1,10}");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");

    record StageOf(int id, @Nullable String name, int tasks, int active, int completed, int failed) {

        RunProgress.Stage stage() {
            String shown = name == null ? "" : name.substring(0, Math.min(LONGEST_NAME, name.length()));
            return new RunProgress.Stage(
                    id,
                    CONTROLS.matcher(shown).replaceAll("\uFFFD"),
                    atLeastNone(tasks),
                    atLeastNone(active),
                    atLeastNone(completed),
                    atLeastNone(failed));
        }
    }

    /**
     * @param before what was reported before; {@code null} for the first report
     * @return empty for what is no such file
     */
    public static Optional<RunProgress> read(byte[] content, @Nullable RunProgress before, Instant at) {
        try {
            return content.length > LARGEST
                    ? Optional.empty()
                    : Optional.ofNullable(JSON.readValue(content, ProgressFile.class))
                            .map(reported -> reported.after(before, at));
        } catch (JacksonException unusable) {
            return Optional.empty();
        }
    }

    private RunProgress after(@Nullable RunProgress before, Instant at) {
        List<RunProgress.Stage> shown = stages == null
                ? List.of()
                : stages.stream()
                        .filter(Objects::nonNull)
                        .limit(MOST_STAGES)
                        .map(StageOf::stage)
                        .toList();
        boolean isName =
                applicationId != null && APPLICATION.matcher(applicationId).matches();
        return new RunProgress(
                isName ? applicationId : null,
                executors == null ? null : atLeastNone(executors),
                atLeastNone(activeJobs),
                Math.max(atLeastNone(activeStages), shown.size()),
                shown,
                before == null ? null : Throughput.between(before, shown, at),
                at);
    }

    private static int atLeastNone(int number) {
        return Math.max(0, number);
    }
}
