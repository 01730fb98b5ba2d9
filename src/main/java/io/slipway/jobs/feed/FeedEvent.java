package io.slipway.jobs.feed;

import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Owner;
import io.slipway.jobs.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of some job's history at its position among those of all jobs.
 *
 * @param position grows, with gaps
 * @param job as it was when the line was read, which may be later than the line itself
 * @param goesOn whether the job has later lines than this one
 */
public record FeedEvent(long position, Subject job, Change change, boolean goesOn) {

    /**
     * Whose line it is.
     *
     * @param cleanupWaits whether a run of it may still have something on its cluster that is to be ended
     * @param causeAwaitedUntil how long readers wait for why it failed; {@code null} when nothing is expected
     */
    public record Subject(
            JobId id,
            String name,
            Owner owner,
            String cluster,
            long version,
            boolean cleanupWaits,
            @Nullable Instant causeAwaitedUntil) {}

    /**
     * What the line says.
     *
     * @param from {@code null} for a job's first line; the same as {@code to} for one that changed no state
     * @param kind {@code null} where the two states say it all
     */
    public record Change(
            Instant at,
            @Nullable JobState from,
            JobState to,
            Reason.@Nullable Code reason,
            @Nullable String message,
            String by,
            JobEvent.@Nullable Kind kind,
            JobEvent.@Nullable Data data) {}

    /** Whether nothing more is expected of the job. */
    public boolean endsTheStory() {
        return endsBut() && job.causeAwaitedUntil() == null;
    }

    /** Until when a reader waits for why the job failed, when nothing else is expected of it; {@code null} otherwise. */
    public @Nullable Instant awaitsCauseUntil() {
        return endsBut() ? job.causeAwaitedUntil() : null;
    }

    private boolean endsBut() {
        return change.to().isTerminal() && !job.cleanupWaits() && !goesOn;
    }
}
