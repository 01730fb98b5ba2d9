package io.slipway.jobs.stats;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class DailyNumbersOnH2Test extends DailyNumbersContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.h2().configure(properties);
    }
}
