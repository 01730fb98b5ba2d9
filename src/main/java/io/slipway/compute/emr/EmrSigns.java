package io.slipway.compute.emr;

import io.slipway.compute.RunOrder;
import io.slipway.compute.RunSigns;
import io.slipway.compute.ToldEnd;
import io.slipway.compute.emr.launch.LivePlaces;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.compute.emr.live.LiveStory;
import java.util.Optional;

/** What the drivers of one cluster tell through S3. */
record EmrSigns(StepTranslation translation, LiveStory story) implements RunSigns {

    @Override
    public Optional<ToldEnd> end(RunOrder order) {
        return places(order).flatMap(story::end);
    }

    private Optional<LivePlaces> places(RunOrder order) {
        return translation.live(order.run().submissionKey(), order.plan());
    }
}
