package io.slipway.jobs;

import io.slipway.Databases;
import io.slipway.OnH2;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@OnH2
class JobsOnH2Test {

    @Test
    void anOlderVersionsLabelsTellOwnersAndClusters() {
        LabelMigration.tellsOwnersAndClusters(Databases.h2(), "h2", false);
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
