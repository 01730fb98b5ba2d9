package io.slipway.artifacts;

import io.slipway.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class ArtifactsOnH2Test extends ArtifactsContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.h2().configure(properties);
    }
}
