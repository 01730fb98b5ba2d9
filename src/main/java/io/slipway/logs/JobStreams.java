package io.slipway.logs;

import io.slipway.compute.Cluster;
import io.slipway.compute.Clusters;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams of a job's runs: those that are there, and what to say of the others. */
final class JobStreams {

    private static final ExpectedLogs NONE =
            new ExpectedLogs(List.of(), Set.of(), false, Duration.ZERO, Map.of(), null);

    private final Clusters clusters;

    JobStreams(Clusters clusters) {
        this.clusters = clusters;
    }

    /** @param attempt of the job */
    record Found(int attempt, RunStream stream) {}

    /** Those of one attempt; of the last that was started, when none is named. */
    List<Found> of(Job job, OptionalInt attempt) {
        return run(job, attempt)
                .map(run -> of(job, run).stream()
                        .map(stream -> new Found(run.attempt(), stream))
                        .toList())
                .orElse(List.of());
    }

    private List<RunStream> of(Job job, Run run) {
        try {
            return clusters.find(job.cluster())
                    .map(cluster -> cluster.output().streams(order(job, run.ref()), endedAt(job, run)))
                    .orElse(List.of());
        } catch (ComputeUnavailable failure) {
            throw unreadable(job, failure.getMessage(), failure);
        }
    }

    /** By its role, or by where it is printed. */
    Found find(Job job, OptionalInt attempt, LogStream stream) {
        return of(job, attempt).stream()
                .filter(found -> found.stream().id().equals(stream)
                        || found.stream().source().equals(stream))
                .findFirst()
                .orElseThrow(() -> notThere(job, attempt, stream));
    }

    /** When the attempt ended; empty while it runs, and before it. */
    Optional<Instant> endOf(Job job, int attempt) {
        return run(job, OptionalInt.of(attempt))
                .map(run -> Optional.ofNullable(endedAt(job, run)))
                .orElseGet(() -> Optional.ofNullable(job.endedAt()));
    }

    /** The attempt that is meant where none is named: the last that was started, or the first. */
    static int last(Job job) {
        return job.all().last().map(Run::attempt).orElse(1);
    }

    /** Of a job that was not started yet: what its first run will have. */
    ExpectedLogs expected(Job job, OptionalInt attempt) {
        Optional<Cluster> cluster = clusters.find(job.cluster());
        Optional<Run> run = run(job, attempt);
        if (cluster.isEmpty() || (run.isEmpty() && !job.runs().isEmpty())) {
            return NONE;
        }
        RunRef ref = run.map(Run::ref).orElseGet(() -> RunRef.first(job.id(), job.createdAt()));
        Instant endedAt = run.map(each -> endedAt(job, each)).orElse(job.endedAt());
        return cluster.get().output().expectedLogs(order(job, ref), endedAt);
    }

    UnknownLog notThere(Job job, OptionalInt attempt, LogStream stream) {
        ExpectedLogs expected = expected(job, attempt);
        return expected.mayCome(stream)
                ? UnknownLog.notYet(no(job, stream.toString()) + notYet(job, expected, stream), expected.pause())
                : UnknownLog.never(no(job, stream.toString()) + never(job, expected, stream));
    }

    static String no(Job job, String stream) {
        return "Job " + job.id() + " has no log '" + stream + "'";
    }

    private static String notYet(Job job, ExpectedLogs expected, LogStream stream) {
        return switch (job.state()) {
            case RECEIVING, QUEUED, SUBMITTING, PENDING ->
                " yet: the job is " + job.state() + " and has printed nothing.";
            case RUNNING, SUCCEEDED, FAILED, CANCELLED ->
                " yet. " + expected.notYet(stream) + " Look again in a moment.";
        };
    }

    private static String never(Job job, ExpectedLogs expected, LogStream stream) {
        if (job.state().isTerminal() && job.runs().isEmpty()) {
            return ": it never ran.";
        }
        String why = expected.whyNever(stream).map(sentence -> " " + sentence).orElse("");
        return "." + why + " GET /jobs/" + job.id() + "/logs lists what there is.";
    }

    static LogsUnavailable unreadable(Job job, @Nullable String why, @Nullable Exception cause) {
        return new LogsUnavailable("The logs of job " + job.id() + " cannot be read now: " + why, cause);
    }

    private static RunOrder order(Job job, RunRef run) {
        return new RunOrder(run, job.name(), job.plan());
    }

    private static @Nullable Instant endedAt(Job job, Run run) {
        return run.endedAt() == null ? job.endedAt() : run.endedAt();
    }

    private static Optional<Run> run(Job job, OptionalInt attempt) {
        return attempt.isPresent()
                ? job.runs().stream()
                        .filter(run -> run.attempt() == attempt.getAsInt())
                        .findFirst()
                : job.all().last();
    }
}
