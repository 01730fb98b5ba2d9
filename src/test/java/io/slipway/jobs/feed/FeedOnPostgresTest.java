package io.slipway.jobs.feed;

import io.slipway.Databases;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class FeedOnPostgresTest {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.postgres().configure(properties);
    }

    @Nested
    class Feeds extends EventFeedContract {}

    @Nested
    class Watches extends JobWatchContract {}

    @Test
    void theEventsOfAnOlderVersionAreNumberedInTheirOrder() {
        FeedMigration.numbersWhatWasThere(Databases.postgres(), "postgresql");
    }
}
