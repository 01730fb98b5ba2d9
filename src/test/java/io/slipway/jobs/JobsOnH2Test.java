package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.Nested;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class JobsOnH2Test {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.h2().configure(properties);
    }

    @Nested
    class Known extends KnownJobsContract {}

    @Nested
    class Changes extends JobTransactionsContract {}

    @Nested
    class Queries extends JobQueriesContract {}

    @Nested
    class Lists extends JobListContract {}
}
