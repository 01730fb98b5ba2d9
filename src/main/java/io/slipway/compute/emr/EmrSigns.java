package io.slipway.compute.emr;

import io.slipway.compute.RunOrder;
import io.slipway.compute.RunProgress;
import io.slipway.compute.RunSigns;
import io.slipway.compute.ToldEnd;
import io.slipway.compute.emr.launch.LivePlaces;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.compute.emr.live.LiveChannel;
import java.util.Optional;

/** What the drivers of one cluster tell through S3. */
record EmrSigns(StepTranslation translation, LiveChannel channel) implements RunSigns {

    @Override
    public Optional<ToldEnd> end(RunOrder order) {
        return places(order).flatMap(channel.story()::end);
    }

    @Override
    public Optional<RunProgress> progress(RunOrder order, boolean isWatched) {
        return places(order).flatMap(places -> channel.progress().of(places, isWatched));
    }

    private Optional<LivePlaces> places(RunOrder order) {
        return translation.live(order.run().submissionKey(), order.plan());
    }
}
