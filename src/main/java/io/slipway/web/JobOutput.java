package io.slipway.web;

import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.LogStream;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import io.slipway.logs.JobLogs;
import io.slipway.logs.LastWords;
import io.slipway.logs.LogInfo;
import io.slipway.logs.LogWindows;
import io.slipway.logs.LogWindows.Anchor;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.ProgramLogs;
import io.slipway.logs.UnknownLog;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What the page of a job shows of what its runs printed, and says where there is nothing to show. */
@Component
class JobOutput {

    private static final Logger log = LoggerFactory.getLogger(JobOutput.class);

    private static final int FIRST_LINES = 300;

    private final JobLogs logs;
    private final LogWindows windows;

    JobOutput(JobLogs logs, LogWindows windows) {
        this.logs = logs;
        this.windows = windows;
    }

    /**
     * What a page shows first.
     *
     * @param wanted a stream; {@code null} for the likeliest
     * @param attempt {@code null} for the last one
     * @param before where the lines end; {@code null} for the last lines
     * @param line the number of a line that is to be among them; {@code null} for none
     */
    LogShown shown(
            Job job,
            @Nullable LogStream wanted,
            @Nullable Integer attempt,
            @Nullable Long before,
            @Nullable Long line) {
        int shownAttempt = attempt == null ? lastAttempt(job) : attempt;
        OptionalInt which = OptionalInt.of(shownAttempt);
        ExpectedLogs expected = expected(job, which);
        List<LogStream> coming = expected.coming() && !job.runs().isEmpty() ? expected.streams() : List.of();
        try {
            List<LogInfo> streams = logs.streams(job, which);
            LogStream stream = wanted == null
                    ? LogTabs.likeliest(streams, job.reason().isPresent(), coming)
                    : byRole(streams, wanted);
            LogTabs tabs = LogTabs.of(streams, stream, coming);
            Anchor anchor = line != null ? Anchor.LINE : before != null ? Anchor.BEFORE : Anchor.END;
            long at = line != null ? Math.max(1, line) : before != null ? Math.max(0, before) : 0;
            LogLook look = look(job, which, stream, anchor, at, FIRST_LINES);
            return new LogShown(shownAttempt, tabs, stream.toString(), line, note(streams, stream), look);
        } catch (LogsUnavailable silent) {
            LogLook look = unreadable(job, silent, expected.coming());
            return new LogShown(
                    shownAttempt,
                    LogTabs.NONE,
                    (wanted == null ? LogStream.STDOUT : wanted).toString(),
                    line,
                    null,
                    look);
        }
    }

    /** A container's output, asked for by its number, may be known as the driver's by now. */
    private static LogStream byRole(List<LogInfo> streams, LogStream wanted) {
        return streams.stream()
                .filter(log -> log.isCalled(wanted))
                .map(LogInfo::stream)
                .findFirst()
                .orElse(wanted);
    }

    private static @Nullable String note(List<LogInfo> streams, LogStream stream) {
        return streams.stream()
                .filter(log -> log.stream().equals(stream))
                .flatMap(log -> Optional.ofNullable(log.note()).stream())
                .findFirst()
                .orElse(null);
    }

    /** Never fails because of the storage of the log. */
    LogLook look(Job job, OptionalInt attempt, LogStream stream, Anchor anchor, long at, int lines) {
        // Asked first: of what ended before, the look sees the end.
        ExpectedLogs expected = expected(job, attempt);
        try {
            return LogLook.of(windows.look(job, attempt, stream, anchor, at, lines), expected.coming());
        } catch (UnknownLog absent) {
            return LogLook.absent(absent(job, expected, stream), expected.coming());
        } catch (LogsUnavailable | IOException failure) {
            return unreadable(job, failure, expected.coming());
        }
    }

    private ExpectedLogs expected(Job job, OptionalInt attempt) {
        return logs.expected(job, attempt);
    }

    /** The program's own end alone has words that say why. */
    LastWords lastWords(Job job) {
        boolean ofProgram =
                job.reason().filter(reason -> reason.code().isTheProgramsOwn()).isPresent();
        if (!ofProgram) {
            return LastWords.NONE;
        }
        try {
            return windows.lastWords(job, ProgramLogs.ofProgram(logs.streams(job, OptionalInt.empty())));
        } catch (LogsUnavailable silent) {
            return LastWords.NONE;
        }
    }

    private static LogLook unreadable(Job job, Exception failure, boolean coming) {
        log.warn("The logs of job {} cannot be read: {}", job.id(), failure.toString());
        String why = failure instanceof LogsUnavailable
                ? String.valueOf(failure.getMessage())
                : "The log cannot be read now.";
        return LogLook.absent(why, coming);
    }

    private static int lastAttempt(Job job) {
        return job.all().last().map(Run::attempt).orElse(job.attempt());
    }

    private static String absent(Job job, ExpectedLogs expected, LogStream stream) {
        if (!expected.mayCome(stream)) {
            return job.state().isTerminal() && job.runs().isEmpty()
                    ? "The job never ran, so it printed nothing."
                    : expected.whyNever(stream).orElse("There is nothing: what printed nothing has no log.");
        }
        return switch (job.state()) {
            case RECEIVING ->
                "Nothing yet: the project is being " + (job.source().isPresent() ? "fetched." : "stored.");
            case QUEUED, SUBMITTING, PENDING ->
                "Nothing yet: the job is " + StateBadge.of(job.state()).word().toLowerCase(Locale.ROOT) + ".";
            case RUNNING, SUCCEEDED, FAILED, CANCELLED -> "Not there yet. " + expected.notYet(stream);
        };
    }
}
