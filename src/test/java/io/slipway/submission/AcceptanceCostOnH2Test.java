package io.slipway.submission;

import io.slipway.Databases;
import java.util.List;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class AcceptanceCostOnH2Test extends AcceptanceCostContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.h2().configure(properties);
    }

    @Override
    List<String> forced() {
        return List.of("checkpoint sync");
    }
}
