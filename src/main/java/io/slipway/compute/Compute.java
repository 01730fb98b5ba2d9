package io.slipway.compute;

import io.slipway.jobs.Application;
import io.slipway.jobs.Job;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One cluster on which runs can be started, looked at and stopped. {@code start}, {@code observe} and {@code cancel} are called by
 * the loop only, one call at a time for each cluster; they may take seconds. The other methods answer from memory or disk.
 */
public interface Compute {

    Target target();

    /**
     * Puts jobs together that go by one {@link #start} each, and leaves out what cannot go now: that waits on in the queue and is asked
     * about again. Asked before intents are written, so that nothing is intended in vain and what takes long is done; what is in the
     * answer may be started.
     *
     * @param wanted in the order in which they should start
     */
    default List<List<Job>> batches(List<Job> wanted) {
        return List.of(wanted);
    }

    /** How many of our runs it can hold beside other people's, by the last look. */
    default int room() {
        return Integer.MAX_VALUE;
    }

    /** How many runs go on at once; what is there beyond that waits in the cluster's own queue. */
    default int runsAtOnce() {
        return target().slots();
    }

    /** Other people's runs there, by the last look. */
    default Others others() {
        return Others.NONE;
    }

    /** @param waiting those of them that have not begun */
    record Others(int active, int waiting) {
        public static final Others NONE = new Others(0, 0);
    }

    /**
     * Where a {@link #start} would put its runs now: written into their intents, so that they are looked for where they were sent.
     * Asked after {@link #batches}; {@code null} where there is only one place.
     */
    default @Nullable String place() {
        return null;
    }

    /**
     * What the plan would become here, and what the cluster's rules have against it. It asks nobody.
     *
     * @param project the project's files, sorted by path
     */
    Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project);

    /** The same of a run that has its key: what it was, or will be, started with to the letter. */
    default Preview preview(RunOrder run, List<ProjectFile> project) {
        return preview(run.jobName(), run.plan(), project);
    }

    /**
     * Asks the cluster to start the runs of one batch; their intents are committed. One result for each order, in any order. A failure of the
     * outside world is a result ({@link StartResult.NotNow}, {@link StartResult.Unknown}), not an exception.
     *
     * <p>A repeated order for a key whose run exists must not start a second one, or must answer Unknown.
     */
    List<StartResult> start(List<RunOrder> orders);

    /**
     * Looks at the runs. The answer has a report for each run about which something was learned, and none for the others.
     *
     * @throws ComputeUnavailable when the cluster did not answer; nothing is known about any run then
     */
    List<RunReport> observe(List<RunRef> runs);

    /** Whether the last {@link #observe} could ask for a part only of what it has to know: the next turn goes on with it at once. */
    default boolean isLookUnfinished() {
        return false;
    }

    /**
     * Looks at exactly these runs because something is said to have happened to them; at the cluster itself when there are none.
     *
     * @param runs at most {@value #LOOKED_AT_ONCE}
     * @throws ComputeUnavailable when the cluster did not answer
     */
    default List<RunReport> lookAt(List<RunRef> runs) {
        return observe(runs);
    }

    /** What one call can tell of. */
    int LOOKED_AT_ONCE = 10;

    /** Active runs that the last {@link #observe} met and was not asked about, under keys as Slipway makes them. */
    default List<RunRef> strays() {
        return List.of();
    }

    /**
     * Asks the cluster to stop the runs. It returns when the wish was delivered, not when they have stopped; it may be repeated.
     *
     * @throws ComputeUnavailable when the wish could not be delivered
     */
    void cancel(List<RunRef> runs);

    /**
     * Asks the cluster to give back runs that have not begun. As {@link #cancel}, but it arrives soon or not at all: by a late one a run
     * would end that has begun meanwhile.
     *
     * @throws ComputeUnavailable when the wish was not delivered, as far as is known
     */
    default void withdraw(List<RunRef> runs) {
        cancel(runs);
    }

    /** Whether what a run has started may go on when the run itself has ended, out of the cluster's sight. */
    default boolean leavesSomething() {
        return false;
    }

    /** Whether {@link #cleanUp} is there to end it. */
    default boolean cleansUp() {
        return leavesSomething();
    }

    /**
     * Whether a {@link #cleanUp} may be sent now. A yes holds for the next one.
     *
     * @param run tells where to
     */
    default boolean mayCleanUp(RunRef run) {
        return true;
    }

    /**
     * Asks the cluster to end what stopped runs left. That is a run of its own kind: it is observed, and found, like the others.
     *
     * @param run its key, and its intent, which is committed
     * @param stopped at most {@value #CLEANED_AT_ONCE}, all in the same place and under the same role
     */
    default StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        throw new UnsupportedOperationException("nothing is left here");
    }

    int CLEANED_AT_ONCE = 60;

    /** Whether runs start applications of their own there, whose logs lie apart from what the run itself prints. */
    default boolean startsApplications() {
        return false;
    }

    /**
     * The application that the run started, as far as what it printed tells. A bounded part of a log is read; the cluster itself is
     * not asked.
     *
     * @throws ComputeUnavailable when the place of the logs does not answer
     */
    default Optional<Application> findApplication(RunOrder run) {
        return Optional.empty();
    }

    /**
     * What the run's logs will be. It answers from memory.
     *
     * @param endedAt {@code null} while it has not ended
     */
    ExpectedLogs expectedLogs(RunOrder run, @Nullable Instant endedAt);

    /**
     * What the run prints, as far as it can be read now, in the order in which people look for it. Empty for a run that the cluster never
     * took.
     *
     * @param endedAt {@code null} while it has not ended
     * @throws ComputeUnavailable when the place of the logs does not answer
     */
    List<RunStream> streams(RunOrder run, @Nullable Instant endedAt);

    /** Whether what a run printed may come to where it can be read minutes after its end. */
    default boolean shipsLogsLater() {
        return false;
    }

    /** The project's file that a path is which the run printed, as its path in the project; empty for a path of anything else. */
    default Optional<String> pathInProject(RunOrder run, String path) {
        return Optional.empty();
    }

    /** Pages about the run that people can open elsewhere, by a short name ({@code console}, {@code s3Logs}). */
    Map<String, URI> links(RunRef run);

    /**
     * What Spark shows of the run. It answers from memory; what is not there is fetched by a thread of its own.
     *
     * @param endedAt {@code null} while it runs
     */
    default SparkUi sparkUi(RunOrder run, @Nullable Instant endedAt) {
        return new SparkUi.None("Runs on this machine have no Spark UI that could be linked to.");
    }

    /**
     * The job is old and about to be removed: what is kept of the run outside the database may go. It may be repeated.
     *
     * @return whether nothing is kept any more; false leaves the job for a later try
     */
    default boolean forget(RunRef run) {
        return true;
    }

    /** The state of the cluster as it was last seen. */
    ClusterHealth health();
}
