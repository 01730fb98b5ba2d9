package io.slipway.jobs.feed;

import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose events somebody follows. Everything that is given must hold.
 *
 * @param states into which the job came, or of which the line tells; empty for all
 */
public record FeedFilter(
        @Nullable JobId jobId,
        @Nullable String owner,
        @Nullable String cluster,
        Set<JobState> states) {

    static final FeedFilter ALL = new FeedFilter(null, null, null, Set.of());

    public FeedFilter {
        states = Set.copyOf(states);
    }

    public static FeedFilter ofJob(JobId jobId) {
        return new FeedFilter(jobId, null, null, Set.of());
    }

    public boolean matches(FeedEvent event) {
        FeedEvent.Subject job = event.job();
        return (jobId == null || jobId.equals(job.id()))
                && (owner == null || owner.equals(job.owner().value()))
                && (cluster == null || cluster.equals(job.cluster()))
                && (states.isEmpty() || states.contains(event.change().to()));
    }
}
