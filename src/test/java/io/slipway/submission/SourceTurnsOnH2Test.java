package io.slipway.submission;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class SourceTurnsOnH2Test extends SourceTurnsContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.h2().configure(properties);
    }
}
