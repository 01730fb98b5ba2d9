package io.slipway.environments.emr;

import io.slipway.environments.BuildRef;
import io.slipway.environments.EnvironmentBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Function;

/** Objects of builds, and their steps. */
record EmrRemains(
        Function<BuildRef, BuildObjects> objects, Cancel cancels, BuildOrders orders, Consumer<BuildRef> forgets)
        implements EnvironmentBuilder.Remains {

    /** So much of a log is fetched for one reader at once. */
    private static final int AT_ONCE = 1 << 20;

    interface Cancel {
        void of(BuildRef build) throws IOException;
    }

    @Override
    public void cancel(BuildRef build) throws IOException {
        cancels.of(build);
    }

    @Override
    public InputStream log(BuildRef build, long offset) throws IOException {
        return objects.apply(build).log(offset, AT_ONCE);
    }

    @Override
    public void taken(BuildRef build) throws IOException {
        objects.apply(build).removePacked();
    }

    @Override
    public void remove(BuildRef build) throws IOException {
        objects.apply(build).remove();
        orders.remove(build);
        forgets.accept(build);
    }
}
