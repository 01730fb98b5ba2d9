package io.slipway.api.stream;

import io.slipway.jobs.feed.FeedEvent;
import java.nio.charset.StandardCharsets;

/**
 * An event as it goes over the wire, written once for all who get it.
 *
 * @param bytes read only
 */
record Frame(FeedEvent event, byte[] bytes) {

    static final byte[] HEARTBEAT = bytes(":\n\n");

    /** Moves the position to which the reader comes back, too: what they were not to see need not be looked through again. */
    static byte[] heartbeat(long position) {
        return bytes(":\nid: " + position + "\n\n");
    }

    /** @param json on one line */
    static Frame of(FeedEvent event, String json) {
        return new Frame(event, bytes("id: " + event.position() + "\ndata: " + json + "\n\n"));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
