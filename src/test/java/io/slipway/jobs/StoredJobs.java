package io.slipway.jobs;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.Artifacts;
import io.slipway.project.ArtifactId;
import io.slipway.project.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs in the database, brought to where a test needs them by the verbs that bring real ones there. */
public final class StoredJobs {

    public static final Instant NOW = Instant.parse("2030-01-02T03:04:05.678901Z");
    public static final ArtifactId PROJECT = new ArtifactId("a".repeat(64));

    private final JobTransactions transactions;
    private final Artifacts artifacts;

    public StoredJobs(JobTransactions transactions, Artifacts artifacts) {
        this.transactions = transactions;
        this.artifacts = artifacts;
    }

    /** What a test may want to choose of a job; {@link #of} has the rest. */
    public record Wanted(
            String owner,
            String name,
            String cluster,
            ArtifactId projectId,
            @Nullable String key,
            Map<String, String> labels,
            JobSpec.Limits limits) {

        public static Wanted of(String owner) {
            return new Wanted(owner, "squares", "local", PROJECT, null, Map.of(), JobSpec.Limits.NONE);
        }

        public Wanted named(String name) {
            return new Wanted(owner, name, cluster, projectId, key, labels, limits);
        }

        public Wanted on(String cluster) {
            return new Wanted(owner, name, cluster, projectId, key, labels, limits);
        }

        public Wanted ofProject(ArtifactId projectId) {
            return new Wanted(owner, name, cluster, projectId, key, labels, limits);
        }

        public Wanted withKey(String key) {
            return new Wanted(owner, name, cluster, projectId, key, labels, limits);
        }

        public Wanted labelled(Map<String, String> labels) {
            return new Wanted(owner, name, cluster, projectId, key, labels, limits);
        }

        public Wanted limited(JobSpec.Limits limits) {
            return new Wanted(owner, name, cluster, projectId, key, labels, limits);
        }

        public Wanted first(int priority) {
            return limited(new JobSpec.Limits(null, null, 1, priority));
        }

        NewJob newJob() {
            JobSpec spec = new JobSpec(
                    name,
                    cluster,
                    new JobSpec.Program("main.py", List.of("--samples", "10")),
                    Map.of("spark.executor.memory", "4g"),
                    Map.of("STAGE", "test"),
                    labels,
                    limits);
            return new NewJob(new Owner(owner), name, cluster, projectId, spec, key, "f".repeat(64));
        }
    }

    public Job receiving(Wanted wanted) {
        return receiving(wanted, NOW);
    }

    public Job receiving(Wanted wanted, Instant at) {
        artifacts.record(Artifact.of(wanted.projectId(), 10, at));
        return referring(wanted, at);
    }

    /** Ids sort by the time of creation. */
    private static JobId newId(Instant at) {
        return new JobId(UlidCreator.getMonotonicUlid(at.toEpochMilli()).toString());
    }

    /** Its artifact has a row already. */
    public Job referring(Wanted wanted, Instant at) {
        return transactions.insert(Job.receiving(newId(at), wanted.newJob(), at));
    }

    /** Its upload is stored. */
    public Job accepted(Job received, Instant at) {
        return transactions.apply(received.id(), fresh -> fresh.queued(at));
    }

    public Job queued(Wanted wanted) {
        return queued(wanted, NOW);
    }

    public Job queued(Wanted wanted, Instant at) {
        return accepted(receiving(wanted, at), at);
    }

    /** It waits for an environment. */
    public Job requiring(Wanted wanted, String requirementsId) {
        artifacts.record(Artifact.of(wanted.projectId(), 10, NOW));
        return accepted(
                transactions.insert(Job.receiving(newId(NOW), wanted.newJob().requiring(requirementsId), NOW)), NOW);
    }

    /** It waits for an environment of what was found in its project. */
    public Job finding(Wanted wanted, String requirementsId) {
        artifacts.record(Artifact.of(wanted.projectId(), 10, NOW));
        NewJob job = wanted.newJob();
        NewJob finding = new NewJob(
                job.owner(),
                job.name(),
                job.cluster(),
                job.projectId(),
                job.spec().finding("requirements.txt"),
                job.idempotencyKey(),
                job.fingerprint());
        return accepted(transactions.insert(Job.receiving(newId(NOW), finding.requiring(requirementsId), NOW)), NOW);
    }

    public Job pending(Wanted wanted) {
        Job job = queued(wanted);
        transactions.apply(job.id(), fresh -> fresh.submitting(NOW, "test", null));
        return transactions.apply(job.id(), fresh -> fresh.accepted("s-" + fresh.id(), null, NOW));
    }

    public Job running(Wanted wanted) {
        Job job = pending(wanted);
        return transactions.apply(
                job.id(),
                fresh -> fresh.observed(
                        new RunReport(
                                new SubmissionKey(key(fresh)),
                                RunReport.Phase.RUNNING,
                                null,
                                NOW,
                                null,
                                null,
                                null,
                                NOW),
                        RunTraits.NONE,
                        NOW));
    }

    /** Ran and failed at the given time. */
    public Job ended(Wanted wanted, Instant at) {
        Job job = queued(wanted, at);
        transactions.apply(job.id(), fresh -> fresh.submitting(at, "test", null));
        return transactions.apply(
                job.id(), fresh -> fresh.rejected(new Reason(Reason.Code.REJECTED_BY_CLUSTER, "No."), at));
    }

    private static String key(Job job) {
        return job.currentRun().orElseThrow().submissionKey().value();
    }
}
