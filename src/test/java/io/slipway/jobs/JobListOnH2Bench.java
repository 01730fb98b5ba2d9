package io.slipway.jobs;

import io.slipway.Databases;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@Tag("bench")
class JobListOnH2Bench extends JobListBench {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        fill(Databases.h2(), "h2", properties);
    }

    @Override
    String database() {
        return "H2";
    }
}
