package io.slipway.reconcile;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class EnvironmentBuildsOnPostgresTest extends EnvironmentBuildsContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.postgres().configure(properties);
    }
}
