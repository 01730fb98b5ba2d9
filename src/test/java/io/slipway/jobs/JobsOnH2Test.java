package io.slipway.jobs;

import io.slipway.OnH2;
import org.junit.jupiter.api.Nested;

@OnH2
class JobsOnH2Test {

    @Nested
    class Known extends KnownJobsContract {}

    @Nested
    class Changes extends JobTransactionsContract {}

    @Nested
    class Queries extends JobQueriesContract {}

    @Nested
    class Lists extends JobListContract {}
}
