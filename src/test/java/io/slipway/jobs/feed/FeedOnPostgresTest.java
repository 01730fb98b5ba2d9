package io.slipway.jobs.feed;

import io.slipway.Databases;
import io.slipway.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@OnPostgres
class FeedOnPostgresTest {

    @Nested
    class Feeds extends EventFeedContract {}

    @Nested
    class Watches extends JobWatchContract {}

    @Test
    void theEventsOfAnOlderVersionAreNumberedInTheirOrder() {
        FeedMigration.numbersWhatWasThere(Databases.postgres(), "postgresql");
    }
}
