package io.slipway.compute;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far Spark is with a run, by the last report of its driver. Only stages that are at work are counted: how many will follow nobody knows.
 *
 * @param applicationId the YARN application; {@code null} while there is no Spark context
 * @param executors {@code null} where the driver does all the work by itself, as with a local master
 * @param activeStages how many there are; the first few are in {@code stages}
 * @param tasksPerSecond since the word before; {@code null} while there was one only
 * @param at when it was reported
 */
public record RunProgress(
        @Nullable String applicationId,
        @Nullable Integer executors,
        int activeJobs,
        int activeStages,
        List<Stage> stages,
        @Nullable Double tasksPerSecond,
        Instant at) {

    public RunProgress {
        stages = List.copyOf(stages);
    }

    /**
     * One stage at work.
     *
     * @param name as Spark has it, with paths of the project below the project's folder: {@code count at app.py:10}
     */
    public record Stage(int id, String name, int tasks, int active, int completed, int failed) {

        public int percent() {
            return tasks == 0 ? 0 : (int) (100L * Math.min(completed, tasks) / tasks);
        }
    }

    /** How far the stages that are at work are together. */
    public int percent() {
        long tasks = stages.stream().mapToLong(Stage::tasks).sum();
        long completed = stages.stream()
                .mapToLong(stage -> Math.min(stage.completed(), stage.tasks()))
                .sum();
        return tasks == 0 ? 0 : (int) (100 * completed / tasks);
    }
}
