package io.slipway.logs;

import io.slipway.compute.Clusters;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunStream;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What the runs of a job printed. Nothing here holds a log in memory: a page is at most a few MiB, a whole log is a stream. */
@Component
public class JobLogs {

    private static final Logger log = LoggerFactory.getLogger(JobLogs.class);

    private final Clusters clusters;

    JobLogs(Clusters clusters) {
        this.clusters = clusters;
    }

    /** The streams of one attempt; of the last that was started, when none is named. */
    public List<LogInfo> streams(Job job, OptionalInt attempt) {
        return run(job, attempt)
                .map(run -> streams(job, run).stream()
                        .map(stream -> new LogInfo(stream.name(), run.attempt(), size(stream)))
                        .toList())
                .orElse(List.of());
    }

    /**
     * A log from a position to its end as it is now.
     *
     * @param offset in bytes; at or past the end gives an empty page
     * @throws UnknownLog when there is no such stream
     * @throws LogsUnavailable when the place where it lies does not answer
     */
    public LogPage from(Job job, OptionalInt attempt, String stream, long offset) {
        RunStream found = find(job, attempt, stream);
        try {
            return new LogPage(offset, found.open(offset));
        } catch (NoSuchFileException notYet) {
            throw notThere(job, stream);
        } catch (IOException failure) {
            throw unreadable(job, failure);
        }
    }

    /**
     * The last lines of a log.
     *
     * @param lines how many; fewer when they are longer than 8 MiB together
     * @throws UnknownLog when there is no such stream
     * @throws LogsUnavailable when the place where it lies does not answer
     */
    public LogPage tail(Job job, OptionalInt attempt, String stream, int lines) {
        try {
            return LogTail.of(find(job, attempt, stream), lines);
        } catch (NoSuchFileException notYet) {
            throw notThere(job, stream);
        } catch (IOException failure) {
            throw unreadable(job, failure);
        }
    }

    /** Why nothing of the job can ever be read; empty when it can. */
    public Optional<String> never(Job job) {
        return job.runs().stream()
                .reduce((earlier, later) -> later)
                .flatMap(run -> clusters.find(job.cluster()).flatMap(cluster -> cluster.withoutLogs(run.ref())));
    }

    RunStream find(Job job, OptionalInt attempt, String name) {
        return run(job, attempt)
                .flatMap(run -> streams(job, run).stream()
                        .filter(stream -> stream.name().equals(name))
                        .findFirst())
                .orElseThrow(() -> notThere(job, name));
    }

    private static Optional<Run> run(Job job, OptionalInt attempt) {
        List<Run> runs = job.runs();
        if (attempt.isPresent()) {
            return runs.stream()
                    .filter(run -> run.attempt() == attempt.getAsInt())
                    .findFirst();
        }
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
    }

    private List<RunStream> streams(Job job, Run run) {
        try {
            return clusters.find(job.cluster())
                    .map(cluster -> cluster.streams(run.ref()))
                    .orElse(List.of());
        } catch (ComputeUnavailable failure) {
            throw unreadable(job, failure);
        }
    }

    private static LogsUnavailable unreadable(Job job, Exception cause) {
        return new LogsUnavailable("The logs of job " + job.id() + " cannot be read now: " + cause.getMessage(), cause);
    }

    private static OptionalLong size(RunStream stream) {
        try {
            return stream.size();
        } catch (IOException unreadable) {
            log.debug("The size of {} is not known: {}", stream.name(), unreadable.toString());
            return OptionalLong.empty();
        }
    }

    private UnknownLog notThere(Job job, String stream) {
        return new UnknownLog("Job " + job.id() + " has no log '" + stream + "'. "
                + never(job).orElseGet(() -> notYet(job)));
    }

    private static String notYet(Job job) {
        return switch (job.state()) {
            case RECEIVING, QUEUED, SUBMITTING, PENDING ->
                "The job is " + job.state() + " and has printed nothing yet.";
            case RUNNING -> "Nothing was written there yet; look again in a moment.";
            case SUCCEEDED, FAILED, CANCELLED -> "GET /jobs/" + job.id() + "/logs lists what there is.";
        };
    }
}
