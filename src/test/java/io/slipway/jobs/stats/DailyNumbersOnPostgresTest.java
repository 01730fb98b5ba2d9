package io.slipway.jobs.stats;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class DailyNumbersOnPostgresTest extends DailyNumbersContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.postgres().configure(properties);
    }
}
