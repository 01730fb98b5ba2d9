package io.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.api.stream.ProgressView;
import io.slipway.compute.RunProgress;
import io.slipway.jobs.Application;
import io.slipway.jobs.Cause;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Leftover;
import io.slipway.jobs.ProgramEnd;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.project.JobSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A job as clients see it. Fields that have no value yet are {@code null}, not missing. */
@Schema(name = "Job")
record JobView(
        @Schema(description = "A ULID: ids sort by time of creation.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN")
        String id,

        @Schema(description = "At most 200 characters.", example = "normal-squares")
        String name,

        @Schema(
                description = "RECEIVING: being fetched from its source, or stored. QUEUED: durable, waits for a slot."
                        + " SUBMITTING: sent, the cluster's answer is not known. PENDING: the cluster has it."
                        + " RUNNING. SUCCEEDED, FAILED, CANCELLED: ended.")
        JobState state,

        @Schema(description = "Why the job ended as it did; null for a job that lives or SUCCEEDED.") @Nullable
        ReasonView reason,

        @Schema(description = "The name of the token that submitted it; `local` without tokens.", example = "local")
        String owner,

        @Schema(description = "The configured cluster it runs on.", example = "local")
        String cluster,

        @Schema(description = "Counts from 1 to `spec.maxAttempts`.", example = "1")
        int attempt,

        @Schema(
                description = "How the program of the current run ended by its driver's own word, seconds after that;"
                        + " `state` follows when the cluster says so, and may say otherwise. null: nothing was"
                        + " reported.")
        @Nullable
        ProgramView program,

        @Schema(
                description =
                        "How far Spark is, by the driver's own word; while it runs, where somebody watches: the first"
                                + " question has it fetched. null: nothing is known.")
        @Nullable
        ProgressView progress,

        @Schema(
                description =
                        "Somebody, or a deadline, wants the job to end and the cluster has not said yet that it did.")
        boolean stopping,

        @Schema(
                description =
                        "What a QUEUED job waits for beside its turn: its Python environment, or a cluster that is"
                                + " made to order. null: nothing, or a free slot.")
        @Nullable
        WaitingForView waitingFor,

        @Schema(
                description = "Of a run on EMR that was stopped, or that another attempt follows: whether the YARN"
                        + " application that it may have left has ended. null: nothing was left.",
                allowableValues = {"waiting", "done", "failed"})
        @Nullable
        String cleanup,

        @Schema(
                description =
                        "What is still running on the cluster although its run has ended, be the job CANCELLED or not."
                                + " Empty: nothing.")
        List<LeftoverView> stillRunning,

        @Schema(
                description =
                        "The job that this one is a re-run of: `job:<id>` was its project, or it was run again in the"
                                + " console. That job may be gone by now.",
                example = "01JD3Q8Z0V7M4T2K5E9XHWBRCM")
        @Nullable
        String origin,

        @Schema(description = "Where the service fetched the project from; null for one that was sent.") @Nullable
        SourceView source,

        Instant createdAt,

        @Schema(description = "When the first run began, by the cluster's clock.") @Nullable
        Instant startedAt,

        @Nullable Instant endedAt,
        Map<String, String> labels,

        @Schema(description = "What was asked, with the names that were worked out.")
        SpecView spec,

        @Schema(description = "One for each attempt that was started.")
        List<RunView> runs,

        @Schema(
                description =
                        "self, events, logs, cancel, environment; and pages about the run elsewhere: console, s3Logs,"
                                + " s3ContainerLogs, sparkUi.")
        Map<String, URI> links) {

    @Schema(name = "Reason")
    record ReasonView(
            Reason.Code code,

            @Schema(
                    description =
                            "What a person can act on: the error with which the program ended, once the logs show it."
                                    + " At most 2000 characters.",
                    example = "ValueError: no prices for 2026-11-22")
            String message,

            @Schema(description = "The program's error in parts; null when it left none, or none is known yet.")
            @Nullable
            CauseView cause,

            @Schema(
                    description =
                            "Whether logs that are still on their way may add to `message`, `cause` and `exitStatus`"
                                    + " of the last run. EMR ships them minutes after the end; `Prefer: wait` and the"
                                    + " job's stream wait for them, for 10 minutes at most. After 45 minutes nothing is"
                                    + " expected any more.")
            boolean pending) {

        static ReasonView of(Job job, Reason reason, @Nullable String traceback) {
            return new ReasonView(
                    reason.code(),
                    reason.message(),
                    job.currentRun()
                            .map(Run::cause)
                            .map(cause -> CauseView.of(cause, traceback))
                            .orElse(null),
                    job.isCauseExpected());
        }
    }

    @Schema(name = "Cause")
    record CauseView(
            @Schema(description = "Of the exception, as Python or Java names it.", example = "ValueError") @Nullable
            String type,

            @Schema(example = "no prices for 2026-11-22") String message,

            @Schema(
                    description =
                            "The innermost frame in the project's own files; null when no frame of the traceback is in"
                                    + " the project.",
                    example = "jobs/load.py")
            @Nullable
            String file,

            @Schema(example = "42") @Nullable Integer line,

            @Schema(
                    description =
                            "With paths of the project; at most 16 KB. Only in the answer of `GET /jobs/{id}`, null"
                                    + " elsewhere.")
            @Nullable
            String traceback) {

        static CauseView of(Cause cause, @Nullable String traceback) {
            return new CauseView(cause.type(), cause.message(), cause.file(), cause.line(), traceback);
        }
    }

    @Schema(name = "Program")
    record ProgramView(
            @Schema(
                    description = "null when the driver does not know it: it was killed, or ended by os._exit.",
                    example = "0")
            @Nullable
            Integer exitCode,

            @Schema(description = "By the driver's clock.") Instant endedAt) {

        static ProgramView of(ProgramEnd end) {
            return new ProgramView(end.exitCode(), end.endedAt());
        }
    }

    @Schema(name = "Leftover")
    record LeftoverView(
            int attempt,

            @Schema(
                    description = "The YARN application; null until the logs show it.",
                    example = "application_1767614400000_0042")
            @Nullable
            String applicationId,

            @Schema(description = "What a person can read.") String message) {

        static LeftoverView of(Leftover left) {
            return new LeftoverView(left.attempt(), left.applicationId(), left.message());
        }
    }

    @Schema(name = "JobSpecView")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SpecView(
            @Schema(
                    description = "Usable as `project` of another job; null while the project is fetched.",
                    example = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
            @Nullable
            String project,

            String entryPoint,
            List<String> arguments,
            Map<String, String> sparkConf,

            @Schema(description = "The names alone: values are write-only.")
            List<String> environment,

            @Schema(description = "Longest time in RUNNING, for each attempt.", example = "PT2H", type = "string")
            @Nullable
            Duration timeout,

            @Schema(description = "Longest time from the 202 to the first run.", example = "PT30M", type = "string")
            @Nullable
            Duration queueTimeout,

            int maxAttempts,

            @Schema(description = "-10 to 10; the higher goes first.", example = "0")
            int priority,

            LaunchView launch) {

        static SpecView of(Job job) {
            JobSpec spec = job.spec();
            return new SpecView(
                    job.isBeingFetched() ? null : "sha256:" + job.projectId(),
                    String.valueOf(spec.program().entryPoint()),
                    spec.program().arguments(),
                    spec.sparkConf(),
                    spec.environment().keySet().stream()
                            .sorted(Comparator.naturalOrder())
                            .toList(),
                    spec.limits().timeout(),
                    spec.limits().queueTimeout(),
                    spec.limits().maxAttempts(),
                    spec.limits().priority(),
                    LaunchView.of(spec.program().launch()));
        }
    }

    @Schema(name = "Run")
    record RunView(
            int attempt,

            @Schema(description = "Part of the step's name on the cluster.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN-1")
            String submissionKey,

            @Schema(description = "The cluster's own name for it: an EMR step id.", example = "s-07767992IY7VC5NVV854")
            @Nullable
            String remoteId,

            @Schema(
                    description = "The YARN application that it started, once the logs that EMR shipped show it. The"
                            + " driver's and the executors' logs are listed from then on.",
                    example = "application_1767614400000_0042")
            @Nullable
            String applicationId,

            @Nullable Instant startedAt,
            @Nullable Instant endedAt,

            @Schema(description = "Of the project's process, where the cluster reports it.") @Nullable
            Integer exitStatus) {

        static RunView of(Run run) {
            return new RunView(
                    run.attempt(),
                    run.submissionKey().value(),
                    run.remoteId(),
                    Optional.ofNullable(run.application()).map(Application::id).orElse(null),
                    run.startedAt(),
                    run.endedAt(),
                    run.exitStatus());
        }
    }

    /** Of a job that does not run yet, or not any more. */
    static JobView of(Job job, Links links) {
        return of(job, null, Optional.empty(), links);
    }

    /** @param traceback of the last run; {@code null} where it has none, or lists are not to have it */
    static JobView of(Job job, @Nullable String traceback, Optional<RunProgress> progress, Links links) {
        return new JobView(
                job.id().value(),
                job.name(),
                job.state(),
                job.reason()
                        .map(reason -> ReasonView.of(job, reason, traceback))
                        .orElse(null),
                job.owner().value(),
                job.cluster(),
                job.attempt(),
                job.currentRun().map(Run::programEnd).map(ProgramView::of).orElse(null),
                progress.map(ProgressView::of).orElse(null),
                job.isStopRequested() && !job.state().isTerminal(),
                links.waitingFor(job),
                job.all()
                        .cleanup()
                        .map(state -> state.name().toLowerCase(Locale.ROOT))
                        .orElse(null),
                job.all().leftovers().stream().map(LeftoverView::of).toList(),
                job.origin().map(JobId::value).orElse(null),
                job.source().map(SourceView::of).orElse(null),
                job.createdAt(),
                job.startedAt(),
                job.endedAt(),
                new TreeMap<>(job.spec().labels()),
                SpecView.of(job),
                job.runs().stream().map(RunView::of).toList(),
                links.of(job));
    }
}
