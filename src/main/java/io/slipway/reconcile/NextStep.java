package io.slipway.reconcile;

import io.slipway.jobs.Job;
import java.time.Duration;
import java.time.Instant;

/** What the loop should do about a job now. */
enum NextStep {
    /** Send it to its cluster, when there is a slot. */
    START,
    /** Ask the cluster about it. */
    OBSERVE,
    /** Tell the cluster to stop it. */
    CANCEL,
    /** A deadline has passed, and the story does not say so yet. */
    EXPIRE,
    WAIT;

    /**
     * @param uploadLapse how long an upload may give no sign of life
     * @param cancelAgain after how long a cancel is sent again
     */
    static NextStep of(Job job, Instant now, Duration uploadLapse, Duration cancelAgain) {
        return switch (job.state()) {
            case RECEIVING -> now.isBefore(job.heartbeatAt().plus(uploadLapse)) ? WAIT : EXPIRE;
            case QUEUED -> job.isOverdue(now) ? EXPIRE : START;
            // Whether there is a run to be stopped has to be found out first.
            case SUBMITTING -> OBSERVE;
            case PENDING, RUNNING -> {
                if (job.isOverdue(now) && !job.isStopRequested()) {
                    yield EXPIRE;
                }
                yield job.isCancelDue(now, cancelAgain) ? CANCEL : OBSERVE;
            }
            case SUCCEEDED, FAILED, CANCELLED -> WAIT;
        };
    }
}
