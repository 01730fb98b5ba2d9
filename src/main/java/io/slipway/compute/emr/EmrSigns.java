package io.slipway.compute.emr;

import io.slipway.compute.ReportedEnd;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunProgress;
import io.slipway.compute.RunResults;
import io.slipway.compute.RunSigns;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.compute.emr.live.LiveChannel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/** What the drivers of one cluster tell through S3. */
record EmrSigns(StepTranslation translation, LiveChannel channel) implements RunSigns {

    @Override
    public Optional<ReportedEnd> end(RunOrder order) {
        return locations(order).flatMap(channel.story()::end);
    }

    @Override
    public Optional<RunProgress> progress(RunOrder order, boolean isWatched) {
        return locations(order).flatMap(locations -> channel.progress().of(locations, isWatched));
    }

    @Override
    public Set<String> silent() {
        return channel.progress().silent();
    }

    @Override
    public Optional<RunResults> results(RunOrder order) {
        return locations(order).flatMap(channel.results()::of);
    }

    @Override
    public InputStream openResult(RunOrder order, String path) throws IOException {
        LiveLocations locations = locations(order).orElseThrow(() -> new FileNotFoundException(path));
        return channel.results().open(locations, path);
    }

    private Optional<LiveLocations> locations(RunOrder order) {
        return translation.live(order.run().submissionKey(), order.plan());
    }
}
