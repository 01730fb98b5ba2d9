package io.slipway.submission;

import io.slipway.OnPostgres;
import java.util.List;

@OnPostgres
class AcceptanceCostOnPostgresTest extends AcceptanceCostContract {

    @Override
    List<String> forced() {
        return List.of();
    }
}
