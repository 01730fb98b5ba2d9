package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Five times what a question may read: H2 takes most of an hour to insert a million and to change their tables (JobListOnH2Bench). */
@Tag("full")
class JobPlansOnH2IT extends JobPlansContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        fill(Databases.h2(), "h2", 100_000, properties);
    }

    /** H2 has no index for a part of a name: it reads the list from its newest end. */
    @Override
    boolean findsPartsOfNames() {
        return false;
    }

    /** Nor for a cluster, so that the loop's own questions go by the state. */
    @Override
    boolean findsJobsOfClusters() {
        return false;
    }
}
