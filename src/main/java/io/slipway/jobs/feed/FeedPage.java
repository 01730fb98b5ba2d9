package io.slipway.jobs.feed;

import java.util.List;

/**
 * Some events in their order.
 *
 * @param position where to go on from: everything up to here was looked at, whether it matched or not
 * @param more whether there is anything behind the position already
 */
public record FeedPage(List<FeedEvent> events, long position, boolean more) {

    public FeedPage {
        events = List.copyOf(events);
    }
}
