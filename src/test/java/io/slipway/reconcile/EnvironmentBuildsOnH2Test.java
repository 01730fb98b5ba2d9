package io.slipway.reconcile;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class EnvironmentBuildsOnH2Test extends EnvironmentBuildsContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.h2().configure(properties);
    }
}
