package io.slipway.web;

import io.slipway.compute.RunProgress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is, as its page shows it.
 *
 * @param words what holds for all stages
 * @param more how many stages are at work beside those that are shown, in words
 */
record ProgressBars(List<Bar> bars, String words, @Nullable String more, TimeText at) {

    /** One stage; its widths are of 1,000. */
    record Bar(String name, int done, int active, int percent, String words) {

        private static final int WHOLE = 1000;

        static Bar of(RunProgress.Stage stage) {
            int tasks = Math.max(1, stage.tasks());
            int done = (int) ((long) WHOLE * Math.min(stage.completed(), tasks) / tasks);
            int active = (int) ((long) WHOLE * Math.min(stage.active(), tasks) / tasks);
            String failed = stage.failed() == 0 ? "" : ", " + stage.failed() + " failed";
            return new Bar(
                    stage.name(),
                    done,
                    Math.min(active, WHOLE - done),
                    stage.percent(),
                    "%,d of %,d tasks, %,d at work%s"
                            .formatted(stage.completed(), stage.tasks(), stage.active(), failed));
        }
    }

    static ProgressBars of(RunProgress progress, Instant now) {
        Integer executors = progress.executors();
        Double speed = progress.tasksPerSecond();
        int hidden = progress.activeStages() - progress.stages().size();
        return new ProgressBars(
                progress.stages().stream().map(Bar::of).toList(),
                count(progress.activeStages(), "stage") + " at work"
                        + (executors == null ? "" : ", " + count(executors, "executor"))
                        + (speed == null ? "" : ", " + "%.1f tasks a second".formatted(speed)),
                hidden <= 0 ? null : "and " + count(hidden, "other stage"),
                TimeText.of(progress.at(), now));
    }

    private static String count(int number, String what) {
        return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
    }
}
