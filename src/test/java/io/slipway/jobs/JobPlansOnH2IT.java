package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Only when asked for: H2 takes minutes, and a gigabyte of memory, to insert as many. */
@Tag("full")
class JobPlansOnH2IT extends JobPlansContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        fill(Databases.h2(), "h2", 1_000_000, properties);
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
