package io.slipway.logs;

import io.slipway.compute.Cluster;
import io.slipway.compute.Clusters;
import io.slipway.compute.LogStream;
import io.slipway.compute.ReportedEnd;
import io.slipway.compute.RunOrder;
import io.slipway.jobs.Cause;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads in its logs why a run failed. A bounded end of each is looked at; nothing that they do not say is concluded. */
@Component
public class RunEnds {

    /** EMR ships every five minutes: a log that is not there so long after one beside it does not come. */
    private static final Duration SHIPPED_TOGETHER = Duration.ofMinutes(6);

    private static final LogStream MASTER = new LogStream(LogStream.Role.MASTER, null, 1, "stderr");

    private final Clusters clusters;
    private final JobLogs logs;
    private final LogWindows windows;
    private final Clock clock;

    RunEnds(Clusters clusters, JobLogs logs, LogWindows windows, Clock clock) {
        this.clusters = clusters;
        this.logs = logs;
        this.windows = windows;
        this.clock = clock;
    }

    /** What the program printed, what Spark said, and whether all of the former is there. */
    private record Words(LastWords program, SparkWords spark, boolean isOutputThere) {}

    /**
     * What the logs say by now.
     *
     * @param exitStatus of the program, where the cluster tells it
     * @throws LogsUnavailable when their storage does not answer
     */
    public Explanation of(Job job, Run run, @Nullable Integer exitStatus) {
        Optional<Cluster> cluster = clusters.find(job.cluster());
        if (cluster.isEmpty()) {
            return Explanation.NOTHING_YET;
        }
        List<LogInfo> streams = logs.streams(job, OptionalInt.of(run.attempt()));
        LastWords.Ends ends = stream ->
                windows.look(job, OptionalInt.of(run.attempt()), stream, LogWindows.Anchor.END, 0, LastWords.LINES);
        LastWords program = LastWords.of(ProgramLogs.ofProgram(streams), ends);
        if (program.isBeingInflated()) {
            return Explanation.NOTHING_YET;
        }
        RunOrder order = new RunOrder(run.ref(), job.name(), job.plan());
        // Where the application's master is apart from the program, this is the step's own process.
        boolean onPrimaryNode =
                cluster.get().output().expectedLogs(order, run.endedAt()).isPossible(MASTER);
        SparkWords spark = exitStatus == null
                ? spark(ProgramLogs.ofSpark(streams), ends, onPrimaryNode)
                : new SparkWords(exitStatus, null);
        boolean isThere = !cluster.get().traits().shipsLogsLater()
                || !ProgramLogs.ofProgram(streams).isEmpty()
                || isLongAgo(run.endedAt());
        return explanation(new Words(program, spark, isThere), cluster.get(), order);
    }

    /**
     * What the run's driver reported at the end of a program that failed; incomplete where it reported no failure.
     *
     * @param end words of a stranger, which are bounded here
     */
    public Explanation reported(Cluster cluster, RunOrder order, ReportedEnd end) {
        Integer status = end.program().exitCode();
        if (status == null || status == 0) {
            return Explanation.NOTHING_YET;
        }
        ReportedEnd.Failure failure = end.failure();
        if (failure == null) {
            return new Explanation(exited(status), null, null, status, true);
        }
        return Traceback.last(failure.traceback().lines().toList())
                .map(printed -> CauseText.of(printed, path -> cluster.preview().pathInProject(order, path)))
                .map(text -> new Explanation(text.cause().headline(), text.cause(), text.traceback(), status, true))
                .orElseGet(() -> {
                    Cause cause = CauseText.withoutTraceback(failure.type(), failure.message());
                    return new Explanation(cause.headline(), cause, null, status, true);
                });
    }

    private boolean isLongAgo(@Nullable Instant ended) {
        return ended != null && clock.instant().isAfter(ended.plus(SHIPPED_TOGETHER));
    }

    private static SparkWords spark(List<LogStream> streams, LastWords.Ends ends, boolean onPrimaryNode) {
        for (LogStream stream : streams) {
            try {
                LogWindow end = ends.of(stream);
                SparkWords words =
                        end.log().inflating() ? SparkWords.NONE : SparkWords.in(end.plainLines(), onPrimaryNode);
                if (!words.isNothing()) {
                    return words;
                }
            } catch (UnknownLog | IOException | LogsUnavailable none) {
                continue;
            }
        }
        return SparkWords.NONE;
    }

    private static Explanation explanation(Words words, Cluster cluster, RunOrder order) {
        Integer status = words.spark().exitStatus();
        Traceback traceback = words.program().traceback();
        if (traceback != null && (traceback.isLast() || Integer.valueOf(1).equals(status))) {
            CauseText text = CauseText.of(traceback, path -> cluster.preview().pathInProject(order, path));
            boolean isAll = status != null || !cluster.traits().shipsLogsLater();
            return new Explanation(text.cause().headline(), text.cause(), text.traceback(), status, isAll);
        }
        if (words.spark().sentence() != null) {
            return new Explanation(words.spark().sentence(), null, null, status, true);
        }
        if (status == null || !words.isOutputThere()) {
            return cluster.traits().shipsLogsLater() ? Explanation.NOTHING_YET : Explanation.NOTHING;
        }
        return cluster.traits().shipsLogsLater()
                ? new Explanation(exited(status), null, null, status, true)
                : Explanation.NOTHING;
    }

    private static String exited(int status) {
        return "The program exited with status " + status + " and left no traceback. What it printed may say why.";
    }
}
