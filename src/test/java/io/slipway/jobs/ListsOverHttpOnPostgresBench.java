package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@Tag("bench")
class ListsOverHttpOnPostgresBench extends ListsOverHttpBench {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        JobListBench.fill(Databases.postgres(), "postgresql", properties);
    }

    @Override
    String database() {
        return "PostgreSQL";
    }
}
