package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A tenth of what PostgreSQL is tested with: H2 takes minutes to insert more. */
// Minutes long, and not yet green on a loaded machine each time: only when asked for.
@EnabledIfSystemProperty(named = "slipway.chaos", matches = "true")
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
}
