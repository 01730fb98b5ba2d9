package io.slipway.compute;

import io.slipway.jobs.Job;
import io.slipway.jobs.Reason;
import io.slipway.jobs.SubmissionKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of one order after the cluster was asked to start it. */
public sealed interface StartResult {

    SubmissionKey submissionKey();

    /** Whether it holds whichever intent of the run it answers: what was learned, not what may be done next. */
    default boolean isFact() {
        return false;
    }

    /** Writes the result into the job's story. */
    void apply(Job job, Instant now);

    /**
     * The cluster has the run.
     *
     * @param remoteId the cluster's name for it
     * @param note a sentence for the job's history: how it is run
     */
    record Accepted(
            SubmissionKey submissionKey,
            @Nullable String remoteId,
            @Nullable String note) implements StartResult {
        @Override
        public boolean isFact() {
            return true;
        }

        @Override
        public void apply(Job job, Instant now) {
            job.accepted(remoteId, note, now);
        }
    }

    /** The cluster certainly did not take it and never will. */
    record Rejected(SubmissionKey submissionKey, Reason reason) implements StartResult {
        @Override
        public void apply(Job job, Instant now) {
            job.rejected(reason, now);
        }
    }

    /** The cluster certainly did not take it now; it may be sent again. */
    record NotNow(SubmissionKey submissionKey, String why) implements StartResult {
        @Override
        public void apply(Job job, Instant now) {
            job.returnedToQueue(why, now);
        }
    }

    /** Nobody knows whether the cluster took it: the job stays SUBMITTING until a look at the cluster tells. */
    record Unknown(SubmissionKey submissionKey, String why) implements StartResult {
        @Override
        public void apply(Job job, Instant now) {}
    }
}
