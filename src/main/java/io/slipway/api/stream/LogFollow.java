package io.slipway.api.stream;

import io.slipway.jobs.Job;
import io.slipway.logs.FollowedLog;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One reader who follows a log. One thread at a time looks for them. */
final class LogFollow {

    private final String owner;
    private final FollowedLog log;
    private final AsyncAnswer answer;
    private final AtomicBoolean atWork = new AtomicBoolean();
    private final Instant until;
    private volatile Job job;
    private volatile Instant jobSeenAt = Instant.MIN;
    private volatile @Nullable Instant nextLook = Instant.MIN;

    LogFollow(String owner, Job job, FollowedLog log, AsyncAnswer answer, Instant until) {
        this.owner = owner;
        this.log = log;
        this.answer = answer;
        this.job = job;
        this.until = until;
    }

    String owner() {
        return owner;
    }

    FollowedLog log() {
        return log;
    }

    AsyncAnswer answer() {
        return answer;
    }

    /** When its reader is to show again that they may read it. */
    Instant until() {
        return until;
    }

    Job job() {
        return job;
    }

    void sees(Job fresh, Instant now) {
        job = fresh;
        jobSeenAt = now;
    }

    /** Whether somebody has to read the job's row again. */
    boolean isJobOlderThan(Instant then) {
        return jobSeenAt.isBefore(then);
    }

    /** The job is another one now: it is read again, and the log looked at, at once. */
    void jobChanged(Instant now) {
        jobSeenAt = Instant.MIN;
        if (nextLook != null) {
            nextLook = now;
        }
    }

    /** Nothing is looked for before that; {@code null} while the reader has yet to take what came. */
    void looksAgain(@Nullable Instant at) {
        nextLook = at;
    }

    /** Takes the turn to look, when one is due. The turn is given back by {@link #looked}. */
    boolean takesTurn(Instant now) {
        Instant due = nextLook;
        return due != null && !now.isBefore(due) && !answer.isClosed() && atWork.compareAndSet(false, true);
    }

    void looked() {
        atWork.set(false);
    }
}
