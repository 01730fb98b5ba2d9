package io.slipway.reconcile;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class RetentionOnPostgresTest extends RetentionContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.postgres().configure(properties);
        properties.add(
                "spring.datasource.hikari.connection-init-sql",
                () -> "set idle_in_transaction_session_timeout = '1500ms'");
    }

    /** Longer than a replica is trusted. */
    @Override
    long storeTakes() {
        return 2500;
    }
}
