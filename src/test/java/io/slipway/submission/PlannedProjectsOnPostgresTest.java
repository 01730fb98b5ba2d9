package io.slipway.submission;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class PlannedProjectsOnPostgresTest extends PlannedProjectsContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.postgres().configure(properties);
    }
}
