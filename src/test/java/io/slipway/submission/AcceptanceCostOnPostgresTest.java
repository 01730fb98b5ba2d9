package io.slipway.submission;

import io.slipway.Databases;
import java.util.List;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class AcceptanceCostOnPostgresTest extends AcceptanceCostContract {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.postgres().configure(properties);
    }

    @Override
    List<String> forced() {
        return List.of();
    }
}
