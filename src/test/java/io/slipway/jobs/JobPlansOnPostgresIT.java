package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@Tag("full")
class JobPlansOnPostgresIT extends JobPlansContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        fill(Databases.postgres(), "postgresql", 1_000_000, properties);
    }

    @Override
    boolean findsPartsOfNames() {
        return true;
    }

    @Override
    boolean findsJobsOfClusters() {
        return true;
    }
}
