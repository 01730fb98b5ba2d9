package io.slipway.jobs;

import io.slipway.OnPostgres;
import org.junit.jupiter.api.Nested;

@OnPostgres
class JobsOnPostgresTest {

    @Nested
    class Known extends KnownJobsContract {}

    @Nested
    class Changes extends JobTransactionsContract {}

    @Nested
    class Queries extends JobQueriesContract {}

    @Nested
    class Lists extends JobListContract {}
}
