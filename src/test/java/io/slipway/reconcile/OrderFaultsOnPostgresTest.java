package io.slipway.reconcile;

import io.slipway.Databases;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@Tag("full")
class OrderFaultsOnPostgresTest extends OrderFaultsContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        Databases.postgres().configure(registry);
    }
}
