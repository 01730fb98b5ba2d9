package io.slipway.jobs.feed;

import java.util.List;

/** Hears what comes into the feed, whichever replica did it. Called by one thread, which must not be held up. */
public interface FeedListener {

    /**
     * Some events in their order, nothing left out.
     *
     * @param after the position behind which they are; the first call, with no events, tells where listening begins, and so does one
     *     whose position is behind events that were told before: the database was put back to an earlier day
     */
    void apply(long after, List<FeedEvent> events);
}
