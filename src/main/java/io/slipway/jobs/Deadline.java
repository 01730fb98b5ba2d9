package io.slipway.jobs;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Until when a job may stay where it is. */
record Deadline(Instant at, Reason reason) {

    /** {@code null} for a job that may stay for ever, and for one that goes on by itself. */
    static @Nullable Deadline of(JobStanding job) {
        return switch (job.state()) {
            case QUEUED, PENDING -> job.attempt() == 1 && job.startedAt() == null ? ofQueue(job) : null;
            case RUNNING -> ofRun(job);
            case RECEIVING, SUBMITTING, SUCCEEDED, FAILED, CANCELLED -> null;
        };
    }

    private static @Nullable Deadline ofQueue(JobStanding job) {
        Instant at = job.queueDeadlineAt();
        return at == null
                ? null
                : new Deadline(
                        at,
                        new Reason(
                                Reason.Code.QUEUE_TIMED_OUT,
                                "It did not start within its queueTimeout of "
                                        + job.spec().limits().queueTimeout() + "."));
    }

    private static @Nullable Deadline ofRun(JobStanding job) {
        Duration allowed = job.spec().limits().timeout();
        Instant started = job.currentRun().map(Run::startedAt).orElse(null);
        return allowed == null || started == null
                ? null
                : new Deadline(
                        started.plus(allowed),
                        new Reason(Reason.Code.TIMED_OUT, "It ran longer than its timeout of " + allowed + "."));
    }

    boolean isOver(Instant now) {
        return !now.isBefore(at);
    }
}
