package io.slipway.logs;

import io.slipway.compute.Clusters;
import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.LogStream;
import io.slipway.compute.ProvisionalStream;
import io.slipway.compute.RunStream;
import io.slipway.jobs.Job;
import io.slipway.logs.JobStreams.Found;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What the runs of a job printed. Nothing here holds a log in memory: a page is at most a few MiB, a whole log is a stream. */
@Component
public class JobLogs {

    private static final Logger log = LoggerFactory.getLogger(JobLogs.class);

    /** The last lines of a compressed log are known when all of it is inflated: whoever wants them waits this long. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final JobStreams streams;
    private final InflatedLogs inflated;

    JobLogs(Clusters clusters, InflatedLogs inflated) {
        this.streams = new JobStreams(clusters);
        this.inflated = inflated;
    }

    /** One stream of one attempt, for as long as it takes to answer one question; the key names it among all logs. */
    record OpenLog(String key, LogBytes bytes) {}

    /** @throws UnknownLog when there is no such stream */
    OpenLog open(Job job, OptionalInt attempt, LogStream stream) throws IOException {
        return open(job, streams.find(job, attempt, stream));
    }

    OpenLog open(Job job, Found found) throws IOException {
        RunStream stream = found.stream();
        // What is counted in bytes that may become others is not kept for those.
        String key = job.id() + "-" + found.attempt() + "/" + stream.source()
                + (stream instanceof ProvisionalStream ? "?" : "");
        return new OpenLog(key, stream.size().isPresent() ? LogBytes.of(stream) : inflated.of(key, stream));
    }

    /**
     * The stream of a name that somebody gave; an outdated name leads to a stream that has another one now.
     *
     * @throws UnknownLog when nothing is ever called so
     */
    public LogStream named(Job job, String name) {
        return LogStream.parse(name)
                .orElseThrow(() -> UnknownLog.never(JobStreams.no(job, name) + ": nothing is called so. GET /jobs/"
                        + job.id() + "/logs lists what there is."));
    }

    /** The streams of one attempt; of the last that was started, when none is named. */
    public List<LogInfo> streams(Job job, OptionalInt attempt) {
        return streams.of(job, attempt).stream().map(JobLogs::info).toList();
    }

    private static LogInfo info(Found found) {
        RunStream stream = found.stream();
        return new LogInfo(stream.id(), stream.source(), found.attempt(), size(stream), stream.note());
    }

    /** What the streams of an attempt will be; it asks nobody. */
    public ExpectedLogs expected(Job job, OptionalInt attempt) {
        return streams.expected(job, attempt);
    }

    /**
     * A log from a position to its end as it is now.
     *
     * @param offset in bytes; at or past the end gives an empty page
     * @throws UnknownLog when there is no such stream, or not yet
     * @throws LogsUnavailable when their storage does not answer
     */
    public LogPage from(Job job, OptionalInt attempt, LogStream stream, long offset) {
        Found found = streams.find(job, attempt, stream);
        try {
            return new LogPage(offset, found.stream().open(offset));
        } catch (NoSuchFileException notYet) {
            throw streams.notThere(job, attempt, stream);
        } catch (IOException failure) {
            throw JobStreams.unreadable(job, failure.getMessage(), failure);
        }
    }

    /**
     * The last lines of a log.
     *
     * @param lines how many; fewer when they are longer than 8 MiB together
     * @throws UnknownLog when there is no such stream, or not yet
     * @throws LogsUnavailable when their storage does not answer, or does not give all of it, or not yet
     */
    public LogPage tail(Job job, OptionalInt attempt, LogStream stream, int lines) {
        return tail(job, attempt, stream, lines, LogTail.MOST_BYTES);
    }

    /**
     * The same for those who keep it in memory.
     *
     * @param mostBytes of all lines together; a part of a line where one is longer
     */
    public LogPage tail(Job job, OptionalInt attempt, LogStream stream, int lines, int mostBytes) {
        Found found = streams.find(job, attempt, stream);
        try {
            return found.stream().size().isPresent()
                    ? LogTail.of(found.stream(), lines, mostBytes)
                    : tailOfCompressed(job, found, lines, mostBytes);
        } catch (NoSuchFileException notYet) {
            throw streams.notThere(job, attempt, stream);
        } catch (IOException failure) {
            throw JobStreams.unreadable(job, failure.getMessage(), failure);
        }
    }

    /**
     * A log to be read to the end of its attempt, from a position on.
     *
     * @throws UnknownLog when there will never be such a stream
     * @throws LogsUnavailable when their storage does not answer
     */
    public FollowedLog follow(Job job, OptionalInt attempt, LogStream stream, long offset) {
        int followed = attempt.orElseGet(() -> JobStreams.last(job));
        try {
            streams.find(job, OptionalInt.of(followed), stream);
        } catch (UnknownLog absent) {
            if (absent.retryAfter().isEmpty()) {
                throw absent;
            }
        }
        return new FollowedLog(this, streams, followed, stream, offset);
    }

    private LogPage tailOfCompressed(Job job, Found found, int lines, int mostBytes) throws IOException {
        LogBytes bytes = open(job, found).bytes();
        bytes.await(LONGEST_WAIT);
        String trouble = bytes.trouble();
        if (bytes.isCut()) {
            return LogTail.of(found.stream(), lines, mostBytes);
        }
        if (trouble != null) {
            throw JobStreams.unreadable(job, trouble, null);
        }
        if (bytes.progress() < 1) {
            String far = (int) (bytes.progress() * 100) + " %";
            throw JobStreams.unreadable(job, "the log is being unpacked, " + far + " so far. Ask again.", null);
        }
        return LogTail.of(bytes, lines, mostBytes);
    }

    private static OptionalLong size(RunStream stream) {
        try {
            return stream.size();
        } catch (IOException unreadable) {
            log.debug("The size of {} is not known: {}", stream.id(), unreadable.toString());
            return OptionalLong.empty();
        }
    }
}
