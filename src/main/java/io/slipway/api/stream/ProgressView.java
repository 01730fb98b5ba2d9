package io.slipway.api.stream;

import io.slipway.compute.RunProgress;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far Spark is with a run that somebody watches. */
@Schema(name = "Progress")
public record ProgressView(
        @Schema(
                description = "The YARN application; null while there is no Spark context.",
                example = "application_1767614400000_0042")
        @Nullable
        String applicationId,

        @Schema(
                description =
                        "null where the driver does all the work by itself, as with a local master, and before there is a Spark context.",
                example = "4")
        @Nullable
        Integer executors,

        @Schema(example = "1") int activeJobs,

        @Schema(description = "How many are at work; `stages` has the first ten.", example = "1")
        int activeStages,

        @Schema(
                description = "Of the stages that are at work, since the word before; null with the first.",
                example = "12.5")
        @Nullable
        Double tasksPerSecond,

        @Schema(
                description =
                        "When the driver reported it: every 2 seconds while somebody watches, else at most a minute"
                                + " apart.")
        Instant at,

        @Schema(description = "Those at work. How many will follow nobody knows, so there is no percentage of the job.")
        List<StageView> stages) {

    @Schema(name = "Stage")
    public record StageView(
            @Schema(example = "7") int id,

            @Schema(
                    description = "As Spark has it, with paths of the project's files below the project's folder.",
                    example = "count at app.py:10")
            String name,

            @Schema(example = "200") int tasks,
            @Schema(example = "8") int active,
            @Schema(example = "120") int completed,
            @Schema(example = "0") int failed,

            @Schema(description = "Of this stage.", example = "60")
            int percent) {

        static StageView of(RunProgress.Stage stage) {
            return new StageView(
                    stage.id(),
                    stage.name(),
                    stage.tasks(),
                    stage.active(),
                    stage.completed(),
                    stage.failed(),
                    stage.percent());
        }
    }

    public static ProgressView of(RunProgress progress) {
        return new ProgressView(
                progress.applicationId(),
                progress.executors(),
                progress.activeJobs(),
                progress.activeStages(),
                progress.tasksPerSecond(),
                progress.at(),
                progress.stages().stream().map(StageView::of).toList());
    }
}
