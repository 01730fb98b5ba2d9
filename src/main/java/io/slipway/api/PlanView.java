package io.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.jobs.NewJob;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.project.Overlaid;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.LeftOut;
import io.slipway.submission.Plan;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A plan as clients see it. */
@Schema(name = "Plan")
@JsonInclude(JsonInclude.Include.ALWAYS)
record PlanView(
        @Schema(
                description = "The stored project, usable as `project` of POST /jobs until `expiresAt`.",
                example = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        String project,

        @Schema(
                description = "The stored project without the `config` files of this request, for one that brings them"
                        + " again, or others; the same as `project` when it had none.",
                example = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752")
        String baseProject,

        @Schema(description = "Where the service fetched it from; null for one that was sent.") @Nullable
        SourceView source,

        Instant expiresAt,

        @Schema(example = "normal-squares") String name,
        @Schema(example = "analytics") String cluster,
        @Schema(example = "project.py") String entryPoint,
        LaunchView launch,
        List<FileView> files,

        @Schema(
                description = "What of the upload does not travel, and why; a folder stands for all in it. Empty for a"
                        + " project that was stored before.")
        List<LeftOutView> leftOut,

        @Schema(description = "The names with masked values: they are write-only.", example = "{\"STAGE\": \"***\"}")
        Map<String, String> environment,

        @Schema(
                description =
                        "The words of the step as the cluster gets them; the id in them is that of no job yet, so it"
                                + " is zeros.")
        List<String> arguments,

        @Schema(description = "The start itself as one line for a shell.")
        String commandLine,

        @Schema(description = "What the cluster refuses: POST /jobs would be a 422.")
        List<ProblemView> problems,

        List<FindingView> findings) {

    /** @param target where the running project finds it */
    @Schema(name = "PlannedFile")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record FileView(
            @Schema(example = "data/data_source.ini") String path,
            long size,

            @Schema(description = "Where the cluster puts it.", example = "slipway-project/data/data_source.ini")
            String target,

            @Schema(
                    description = "What a `config` file did here, of this request or of the job whose project it takes"
                            + " (`job:<id>`): replaced the project's own file, or added one. null: it is the"
                            + " project's own.",
                    allowableValues = {"replaced", "added"},
                    example = "replaced")
            @Nullable
            String overlay) {

        static FileView of(ProjectFile file, Map<String, String> targets, Map<String, Overlaid> overlaid) {
            Overlaid overlay = overlaid.get(file.path());
            return new FileView(
                    file.path(),
                    file.size(),
                    targets.getOrDefault(file.path(), file.path()),
                    overlay == null ? null : overlay.word());
        }
    }

    /** @param path from the project's root */
    @Schema(name = "LeftOut")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LeftOutView(
            @Schema(example = "venv") String path,

            LeftOut.Reason reason,

            @Schema(
                    description = "The reason as a sentence.",
                    example = "The history of version control; no job reads it.")
            String why,

            @Schema(description = "How many files it stands for.", example = "812")
            int files) {
        static LeftOutView of(LeftOut leftOut) {
            return new LeftOutView(
                    leftOut.path(), leftOut.reason(), leftOut.reason().sentence(), leftOut.files());
        }
    }

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

    /** Each is made when it is written: a project can have a hundred thousand files. */
    private static List<FileView> views(List<ProjectFile> files, Function<ProjectFile, FileView> view) {
        return new AbstractList<>() {
            @Override
            public FileView get(int index) {
                return view.apply(files.get(index));
            }

            @Override
            public int size() {
                return files.size();
            }
        };
    }

    static PlanView of(Plan plan) {
        NewJob job = plan.job();
        Map<String, String> environment = new TreeMap<>();
        job.spec().environment().keySet().forEach(name -> environment.put(name, "***"));
        Map<String, String> targets = plan.preview().targets();
        Map<String, Overlaid> overlaid = job.spec().program().overlaid();
        return new PlanView(
                "sha256:" + job.projectId(),
                "sha256:" + plan.baseProjectId(),
                Optional.ofNullable(job.source()).map(SourceView::of).orElse(null),
                plan.expiresAt(),
                job.name(),
                job.cluster(),
                String.valueOf(job.spec().program().entryPoint()),
                LaunchView.of(job.spec().program().launch()),
                views(plan.files(), file -> FileView.of(file, targets, overlaid)),
                plan.leftOut().stream().map(LeftOutView::of).toList(),
                environment,
                plan.preview().arguments(),
                plan.preview().commandLine(),
                plan.preview().problems().stream().map(ProblemView::of).toList(),
                plan.findings().stream().map(FindingView::of).toList());
    }
}
