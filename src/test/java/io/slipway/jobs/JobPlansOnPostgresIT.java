package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

// Minutes long, and not yet green on a loaded machine each time: only when asked for.
@EnabledIfSystemProperty(named = "slipway.chaos", matches = "true")
class JobPlansOnPostgresIT extends JobPlansContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        fill(Databases.postgres(), "postgresql", 1_000_000, properties);
    }

    @Override
    boolean findsPartsOfNames() {
        return true;
    }
}
