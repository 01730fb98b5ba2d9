package io.slipway.jobs.feed;

import io.slipway.Databases;
import io.slipway.OnH2;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@OnH2
class FeedOnH2Test {

    @Nested
    class Feeds extends EventFeedContract {}

    @Nested
    class Watches extends JobWatchContract {}

    @Test
    void theEventsOfAnOlderVersionAreNumberedInTheirOrder() {
        FeedMigration.numbersWhatWasThere(Databases.h2(), "h2");
    }
}
