package io.slipway.web;

import io.slipway.compute.Clusters;
import io.slipway.compute.Target;
import io.slipway.jobs.Job;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.logs.JobLogs;
import io.slipway.logs.LastWords;
import io.slipway.logs.LogInfo;
import io.slipway.logs.LogWindows;
import io.slipway.logs.LogWindows.Place;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.ProgramLogs;
import io.slipway.logs.UnknownLog;
import io.slipway.project.Launch;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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

    /** EMR may ship logs this long after the end of a step. */
    private static final Duration LATE_LOGS = Duration.ofMinutes(20);

    private final Clusters clusters;
    private final JobLogs logs;
    private final LogWindows windows;
    private final Clock clock;

    JobOutput(Clusters clusters, JobLogs logs, LogWindows windows, Clock clock) {
        this.clusters = clusters;
        this.logs = logs;
        this.windows = windows;
        this.clock = clock;
    }

    /**
     * What a page shows first.
     *
     * @param wanted a stream; {@code null} for the likeliest
     * @param attempt {@code null} for the last one
     * @param before where the lines end; {@code null} for the last lines
     */
    LogShown shown(Job job, @Nullable String wanted, @Nullable Integer attempt, @Nullable Long before) {
        int shownAttempt = attempt == null ? lastAttempt(job) : attempt;
        OptionalInt which = OptionalInt.of(shownAttempt);
        try {
            List<LogInfo> streams = logs.streams(job, which);
            String stream =
                    wanted == null ? LogTabs.likeliest(streams, job.reason().isPresent(), mayHaveDriver(job)) : wanted;
            LogTabs tabs = LogTabs.of(streams, stream, kind(job), mayHaveDriver(job));
            LogLook look = before == null
                    ? look(job, which, stream, Place.END, 0, FIRST_LINES)
                    : look(job, which, stream, Place.BEFORE, before, FIRST_LINES);
            return new LogShown(shownAttempt, tabs, stream, look);
        } catch (LogsUnavailable silent) {
            LogLook look = unreadable(job, silent, mayCome(job, which));
            return new LogShown(shownAttempt, LogTabs.NONE, wanted == null ? "stdout" : wanted, look);
        }
    }

    /** Never fails because of the place where the log lies. */
    LogLook look(Job job, OptionalInt attempt, String stream, Place place, long at, int lines) {
        // Asked first: of what ended before, the look sees the end.
        boolean coming = mayCome(job, attempt);
        try {
            return LogLook.of(windows.look(job, attempt, stream, place, at, lines), coming);
        } catch (UnknownLog notYet) {
            return LogLook.absent(absent(job, stream), coming);
        } catch (LogsUnavailable | IOException failure) {
            return unreadable(job, failure, coming);
        }
    }

    private boolean mayCome(Job job, OptionalInt attempt) {
        boolean isOver = kind(job) == Target.Kind.LOCAL && attempt.orElse(lastAttempt(job)) < lastAttempt(job);
        return !isOver && mayCome(job);
    }

    /** Whether more may come of what the job's last run printed. */
    private boolean mayCome(Job job) {
        Instant ended = job.endedAt();
        boolean late = kind(job) == Target.Kind.EMR && logs.never(job).isEmpty();
        return ended == null || (late && clock.instant().isBefore(ended.plus(LATE_LOGS)));
    }

    /** The program's own end alone has words that say why. */
    LastWords lastWords(Job job) {
        boolean ofProgram = job.reason()
                .filter(reason -> reason.code() == Reason.Code.RUN_FAILED || reason.code() == Reason.Code.STEP_FAILED)
                .isPresent();
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

    private boolean mayHaveDriver(Job job) {
        return kind(job) == Target.Kind.EMR
                && !job.runs().isEmpty()
                && job.spec().program().launch().mode() == Launch.Mode.CLUSTER
                && logs.never(job).isEmpty();
    }

    private static int lastAttempt(Job job) {
        return job.lastRun().map(Run::attempt).orElse(job.attempt());
    }

    private String absent(Job job, String stream) {
        String place = logs.never(job).orElseGet(() -> notYet(job, stream));
        return switch (job.state()) {
            case RECEIVING, QUEUED, SUBMITTING, PENDING ->
                "Nothing yet: the job is " + StateBadge.of(job.state()).word().toLowerCase(Locale.ROOT) + ".";
            case RUNNING -> place;
            case SUCCEEDED, FAILED, CANCELLED ->
                job.runs().isEmpty()
                        ? "The job never ran, so it printed nothing."
                        : mayCome(job) || logs.never(job).isPresent()
                                ? place
                                : "There is nothing: what printed nothing has no log.";
        };
    }

    private String notYet(Job job, String stream) {
        if (kind(job) == Target.Kind.LOCAL) {
            return "Not there yet: the run has printed nothing.";
        }
        boolean needsApplication = LogTabs.isOfContainer(stream)
                && job.currentRun().map(Run::application).isEmpty();
        return "Not there yet: EMR ships logs about every five minutes."
                + (needsApplication
                        ? " Which YARN application the step started, and so where its driver prints, is read from the step's stderr."
                        : "");
    }

    private Target.Kind kind(Job job) {
        return clusters.find(job.cluster())
                .map(cluster -> cluster.target().kind())
                .orElse(Target.Kind.EMR);
    }
}
