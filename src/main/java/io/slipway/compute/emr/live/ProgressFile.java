package io.slipway.compute.emr.live;

import io.slipway.compute.RunProgress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code progress.json} as drivers write it: a stranger's words, of which only what makes sense is taken. */
record ProgressFile(
        @Nullable String applicationId,
        int executors,
        int activeJobs,
        int activeStages,
        @Nullable List<@Nullable StageOf> stages) {

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

    /** @param before what was told before; {@code null} for the first word */
    RunProgress after(@Nullable RunProgress before, Instant at) {
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
                atLeastNone(executors),
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
