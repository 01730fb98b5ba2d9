package io.slipway.submission;

import io.slipway.OnH2;
import java.util.List;

@OnH2
class AcceptanceCostOnH2Test extends AcceptanceCostContract {

    @Override
    List<String> forced() {
        return List.of("checkpoint sync");
    }
}
