package io.slipway.access;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class SessionsOnH2Test extends SessionsContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.h2().configure(properties);
    }
}
