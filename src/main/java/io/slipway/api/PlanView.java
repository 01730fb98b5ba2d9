package io.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.jobs.NewJob;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.submission.Plan;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A plan as clients see it. */
@Schema(name = "Plan")
@JsonInclude(JsonInclude.Include.ALWAYS)
record PlanView(
        @Schema(
                description = "The stored project, usable as `project` of POST /jobs until `expiresAt`.",
                example = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        String project,

        Instant expiresAt,

        @Schema(example = "normal-squares") String name,
        @Schema(example = "analytics") String cluster,
        @Schema(example = "project.py") String entryPoint,
        LaunchView launch,
        List<FileView> files,

        @Schema(description = "The names with masked values: they are write-only.", example = "{\"STAGE\": \"***\"}")
        Map<String, String> environment,

        @Schema(
                description =
                        "The words of the step as the cluster gets them; the id in them is that of no job yet, so it is zeros.")
        List<String> arguments,

        @Schema(description = "The start itself as one line for a shell.")
        String commandLine,

        @Schema(description = "What the cluster refuses: POST /jobs would be a 422.")
        List<ProblemView> problems,

        List<FindingView> findings) {

    /** @param target where the running project finds it */
    @Schema(name = "PlannedFile")
    record FileView(
            @Schema(example = "data/data_source.ini") String path,
            long size,

            @Schema(description = "Where the cluster puts it.", example = "slipway-project/data/data_source.ini")
            String target) {}

    @Schema(name = "PlanProblem")
    record ProblemView(@Schema(example = "mode") String at, String message) {
        static ProblemView of(InvalidProject.Detail detail) {
            return new ProblemView(detail.at(), detail.message());
        }
    }

    @Schema(name = "Finding")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record FindingView(
            @Schema(description = "Stable.", example = "local-master")
            String code,

            Finding.Severity severity,

            @Schema(example = "data/data_source.py") @Nullable
            String file,

            @Schema(example = "12") @Nullable Integer line,
            String what,
            String wayOut) {
        static FindingView of(Finding finding) {
            return new FindingView(
                    finding.code(),
                    finding.severity(),
                    finding.file(),
                    finding.line(),
                    finding.what(),
                    finding.wayOut());
        }
    }

    static PlanView of(Plan plan) {
        NewJob job = plan.job();
        Map<String, String> environment = new TreeMap<>();
        job.spec().environment().keySet().forEach(name -> environment.put(name, "***"));
        Map<String, String> targets = plan.preview().targets();
        return new PlanView(
                "sha256:" + job.projectId(),
                plan.expiresAt(),
                job.name(),
                job.cluster(),
                String.valueOf(job.spec().program().entryPoint()),
                LaunchView.of(job.spec().program().launch()),
                plan.files().stream()
                        .map(file ->
                                new FileView(file.path(), file.size(), targets.getOrDefault(file.path(), file.path())))
                        .toList(),
                environment,
                plan.preview().arguments(),
                plan.preview().commandLine(),
                plan.preview().problems().stream().map(ProblemView::of).toList(),
                plan.findings().stream().map(FindingView::of).toList());
    }
}
