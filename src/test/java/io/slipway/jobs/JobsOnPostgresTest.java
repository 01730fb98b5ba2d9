package io.slipway.jobs;

import io.slipway.Databases;
import io.slipway.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@OnPostgres
class JobsOnPostgresTest {

    @Test
    void anOlderVersionsLabelsTellOwnersAndClusters() {
        LabelMigration.tellsOwnersAndClusters(Databases.postgres(), "postgresql", true);
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
