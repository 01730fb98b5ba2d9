package io.slipway.api;

import io.slipway.api.stream.FeedEventView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some events in their order, and where the feed goes on. */
@Schema(name = "PageOfFeedEvents")
record EventPage(
        @Schema(description = "May be fewer than asked for, or none, although there is a next page.")
        List<FeedEventView> items,

        @Schema(description = "The address of the next page, with the same filters; null at the end.") @Nullable
        URI next,

        @Schema(description = "Where to go on later: `after`, or `Last-Event-ID` of a stream.")
        long position) {}
