package io.slipway.jobs;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.project.ArtifactId;
import io.slipway.project.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs that got where they are by real transitions. */
public final class JobFixtures {

    public static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    public static final ArtifactId PROJECT = new ArtifactId("a".repeat(64));

    private JobFixtures() {}

    public static JobSpec aSpec(int maxAttempts, @Nullable Duration timeout, @Nullable Duration queueTimeout) {
        return new JobSpec(
                "squares",
                "fake",
                new JobSpec.Program("main.py", List.of("--samples", "10")),
                Map.of(),
                Map.of("SECRET", "hidden"),
                Map.of("team", "pricing"),
                new JobSpec.Limits(timeout, queueTimeout, maxAttempts));
    }

    public static NewJob wanted(JobSpec spec, @Nullable String key) {
        return new NewJob(new Owner("alice"), "squares", "fake", PROJECT, spec, key, "f".repeat(64));
    }

    public static Job aReceivedJob(JobSpec spec) {
        return aReceivedJob(spec, "fake");
    }

    public static Job aReceivedJob(JobSpec spec, String cluster) {
        NewJob wanted = new NewJob(new Owner("alice"), "squares", cluster, PROJECT, spec, null, "f".repeat(64));
        return Job.receiving(new JobId(UlidCreator.getMonotonicUlid().toString()), wanted, NOW);
    }

    public static Job aQueuedJob(JobSpec spec) {
        Job job = aReceivedJob(spec);
        job.queued(NOW);
        return job;
    }

    public static Job aQueuedJob() {
        return aQueuedJob(aSpec(1, null, null));
    }

    public static Job aSubmittingJob(JobSpec spec) {
        Job job = aQueuedJob(spec);
        job.submitting(NOW, "test", null);
        return job;
    }

    public static Job aPendingJob(JobSpec spec) {
        Job job = aSubmittingJob(spec);
        job.accepted("s-1", null, NOW);
        return job;
    }

    public static Job aRunningJob(JobSpec spec) {
        Job job = aPendingJob(spec);
        job.observed(report(job, RunReport.Phase.RUNNING, null), RunTraits.NONE, NOW);
        return job;
    }

    public static Job aRunningJob() {
        return aRunningJob(aSpec(1, null, null));
    }

    public static RunReport report(Job job, RunReport.Phase phase, Reason.@Nullable Code code) {
        Run run = job.currentRun().orElseThrow();
        return new RunReport(
                run.submissionKey(),
                phase,
                "s-1",
                NOW,
                phase == RunReport.Phase.RUNNING ? null : NOW,
                null,
                code == null ? null : new Reason(code, "because"),
                NOW);
    }

    /** A line of a history, as no job has to walk there. */
    public static JobEvent aChange(@Nullable JobState from, JobState to, Instant at, Reason.@Nullable Code why) {
        return new JobEvent(aQueuedJob(), at, from, to, why == null ? null : new Reason(why, "because"), Job.SLIPWAY);
    }

    /** The same, of a job that is in a later attempt. */
    public static JobEvent aChange(
            int attempt, @Nullable JobState from, JobState to, Instant at, Reason.@Nullable Code why) {
        Job job = aQueuedJob(aSpec(attempt, null, null));
        while (job.attempt() < attempt) {
            job.submitting(NOW, "test", null);
            job.observed(report(job, RunReport.Phase.FAILED, Reason.Code.RUN_FAILED), RunTraits.NONE, NOW);
        }
        return new JobEvent(job, at, from, to, why == null ? null : new Reason(why, "because"), Job.SLIPWAY);
    }

    public static JobEvent aNote(JobState in, Instant at, String message) {
        return new JobEvent(aQueuedJob(), at, in, in, new Reason(Reason.Code.LOST, message), Job.SLIPWAY);
    }
}
