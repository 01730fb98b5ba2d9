package io.slipway.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fact that a cluster reported about one run. There is no report for a run about which nothing could be learned: "did not answer" is
 * not a fact about the run.
 *
 * @param remoteId the cluster's name for the run, when it has one
 * @param startedAt when it began to run, by the cluster's clock
 * @param endedAt when it ended, by the cluster's clock
 * @param exitStatus of the project's process, where the cluster tells it
 * @param reason why it is in this phase; always there for FAILED
 * @param lookedFrom when the look that this report comes from began; what was sent later may be missing from it
 */
public record RunReport(
        SubmissionKey submissionKey,
        Phase phase,
        @Nullable String remoteId,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Integer exitStatus,
        @Nullable Reason reason,
        Instant lookedFrom) {

    public RunReport {
        if (phase == Phase.FAILED && reason == null) {
            throw new IllegalArgumentException("a failed run needs a reason: " + submissionKey);
        }
    }

    /** A complete look found no run of this key. */
    public static RunReport absent(SubmissionKey submissionKey, Instant lookedFrom) {
        return new RunReport(submissionKey, Phase.ABSENT, null, null, null, null, null, lookedFrom);
    }

    /** Whether it says that nothing was found, and not what was: read on an old story, that may be wrong. */
    public boolean isInference() {
        return phase == Phase.ABSENT || (reason != null && reason.code().isUnknown());
    }

    /**
     * The same, as far as the cluster knew it, with a better reason.
     *
     * @param why {@code null} for the one that it has
     */
    public RunReport because(@Nullable String why) {
        return why == null || reason == null
                ? this
                : new RunReport(
                        submissionKey,
                        phase,
                        remoteId,
                        startedAt,
                        endedAt,
                        exitStatus,
                        new Reason(reason.code(), why),
                        lookedFrom);
    }

    public static RunReport failed(SubmissionKey submissionKey, @Nullable String remoteId, Reason reason, Instant at) {
        return new RunReport(submissionKey, Phase.FAILED, remoteId, null, at, null, reason, at);
    }

    /** What the cluster says of the run. */
    public enum Phase {
        /** It does not know the run; a complete look, not a lack of an answer. */
        ABSENT,
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        public boolean isEnd() {
            return this == SUCCEEDED || this == FAILED || this == CANCELLED;
        }
    }
}
