package io.slipway.jobs.feed;

import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of some job's history at its place among those of all jobs.
 *
 * @param position grows, with gaps
 * @param job as it was when the line was read, which may be later than the line itself
 */
public record FeedEvent(long position, Subject job, Change change) {

    /** @param cleanupWaits whether a run of it may still have something on its cluster that is to be ended */
    public record Subject(String id, String name, String owner, String cluster, long version, boolean cleanupWaits) {}

    /** @param from {@code null} for a job's first line; the same as {@code to} for one that changed no state */
    public record Change(
            Instant at,
            @Nullable JobState from,
            JobState to,
            Reason.@Nullable Code reason,
            @Nullable String message,
            String by) {}

    /** Whether nothing more is expected of the job. */
    public boolean endsTheStory() {
        return change.to().isTerminal() && !job.cleanupWaits();
    }
}
