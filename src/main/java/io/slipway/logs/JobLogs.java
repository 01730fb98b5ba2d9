package io.slipway.logs;

import io.slipway.compute.Clusters;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunStream;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What the runs of a job printed. Nothing here holds a log in memory: a page is at most a few MiB, a whole log is a stream. */
@Component
public class JobLogs {

    private static final Logger log = LoggerFactory.getLogger(JobLogs.class);

    /** The last lines of a compressed log are known when all of it is inflated: whoever wants them waits this long. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Clusters clusters;
    private final InflatedLogs inflated;

    JobLogs(Clusters clusters, InflatedLogs inflated) {
        this.clusters = clusters;
        this.inflated = inflated;
    }

    /** One stream of one attempt, for as long as it takes to answer one question; the key names it among all logs. */
    record OpenLog(String key, LogBytes bytes) {}

    private record Found(int attempt, RunStream stream) {}

    /** @throws UnknownLog when there is no such stream */
    OpenLog open(Job job, OptionalInt attempt, String name) throws IOException {
        return open(job, find(job, attempt, name));
    }

    private OpenLog open(Job job, Found found) throws IOException {
        RunStream stream = found.stream();
        String key = job.id() + "-" + found.attempt() + "/" + stream.name();
        return new OpenLog(key, stream.size().isPresent() ? LogBytes.of(stream) : inflated.of(key, stream));
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
        Found found = find(job, attempt, stream);
        try {
            return new LogPage(offset, found.stream().open(offset));
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
     * @throws LogsUnavailable when the place where it lies does not answer, or does not give all of it, or not yet
     */
    public LogPage tail(Job job, OptionalInt attempt, String stream, int lines) {
        Found found = find(job, attempt, stream);
        try {
            return found.stream().size().isPresent()
                    ? LogTail.of(found.stream(), lines)
                    : tailOfCompressed(job, found, lines);
        } catch (NoSuchFileException notYet) {
            throw notThere(job, stream);
        } catch (IOException failure) {
            throw unreadable(job, failure);
        }
    }

    private LogPage tailOfCompressed(Job job, Found found, int lines) throws IOException {
        LogBytes bytes = open(job, found).bytes();
        bytes.await(LONGEST_WAIT);
        String trouble = bytes.trouble();
        if (bytes.isCut()) {
            return LogTail.of(found.stream(), lines);
        }
        if (trouble != null) {
            throw unreadable(job, trouble, null);
        }
        if (bytes.progress() < 1) {
            String far = (int) (bytes.progress() * 100) + " %";
            throw unreadable(job, "the log is being unpacked, " + far + " so far. Ask again.", null);
        }
        return LogTail.of(bytes, lines);
    }

    /** Why nothing of the job can ever be read; empty when it can. */
    public Optional<String> never(Job job) {
        return job.lastRun()
                .flatMap(run -> clusters.find(job.cluster()).flatMap(cluster -> cluster.withoutLogs(run.ref())));
    }

    private Found find(Job job, OptionalInt attempt, String name) {
        return run(job, attempt)
                .flatMap(run -> streams(job, run).stream()
                        .filter(stream -> stream.name().equals(name))
                        .findFirst()
                        .map(stream -> new Found(run.attempt(), stream)))
                .orElseThrow(() -> notThere(job, name));
    }

    private static Optional<Run> run(Job job, OptionalInt attempt) {
        return attempt.isPresent()
                ? job.runs().stream()
                        .filter(run -> run.attempt() == attempt.getAsInt())
                        .findFirst()
                : job.lastRun();
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
        return unreadable(job, cause.getMessage(), cause);
    }

    private static LogsUnavailable unreadable(Job job, @Nullable String why, @Nullable Exception cause) {
        return new LogsUnavailable("The logs of job " + job.id() + " cannot be read now: " + why, cause);
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
