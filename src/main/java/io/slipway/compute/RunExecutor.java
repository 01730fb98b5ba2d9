package io.slipway.compute;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import java.util.List;

/**
 * Starts runs on one cluster, looks at them and stops them. The loop alone calls it, one call at a time for each cluster; a call may take
 * seconds.
 */
public interface RunExecutor {

    /** Most runs of one {@link #lookAt}: what one call can tell of. */
    int LOOKED_AT_ONCE = 10;

    /** By which calls a cluster is asked for some runs; where calls are not counted, both are the same. */
    enum Calls {
        /** By calls that tell of several runs each. */
        TOGETHER,
        /** By a call for each run, of a kind that is counted by itself: for those that have waited for the others for long. */
        ONE_BY_ONE
    }

    /**
     * Does all that takes long before the intents of the runs are written, and puts runs together that are started by one call each. What
     * cannot go now is in no batch: it waits on in the queue and is prepared another time. A batch that is never started does no harm.
     *
     * @param wanted in the order in which they should start
     */
    List<PreparedBatch> prepare(List<PlannedRun> wanted);

    /**
     * Looks at the runs, and at who else is there.
     *
     * @throws ComputeUnavailable when the cluster did not answer; nothing is known about any run then
     */
    Observation observe(List<RunRef> runs);

    /**
     * Looks at exactly these runs, because something is said to have happened to them. The answer has a report for each run about which
     * something was learned.
     *
     * @param runs at most {@value #LOOKED_AT_ONCE}
     * @param calls by which the cluster is asked
     * @throws ComputeUnavailable.Spent when these calls are spent for now; those of the other kind may not be
     * @throws ComputeUnavailable when the cluster did not answer
     */
    List<RunReport> lookAt(List<RunRef> runs, Calls calls);

    /** Looks at the cluster itself, because something is said to have happened to it; what it did not answer is in the message. */
    ClusterHealth lookAtCluster();

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
    void withdraw(List<RunRef> runs);
}
