package io.slipway.api.stream;

import io.slipway.jobs.feed.FeedEvent;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes events down for the wire. */
@Component
class FrameWriter {

    private final JsonMapper json;

    FrameWriter(JsonMapper json) {
        this.json = json;
    }

    Frame of(FeedEvent event) {
        return Frame.of(event, json.writeValueAsString(FeedEventView.of(event)));
    }
}
