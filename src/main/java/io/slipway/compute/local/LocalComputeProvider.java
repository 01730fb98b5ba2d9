package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Home;
import io.slipway.compute.ClusterSettings;
import io.slipway.compute.Compute;
import io.slipway.compute.ComputeProvider;
import io.slipway.compute.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Makes this machine a cluster. Several of them share its run folders, which are named by submission key. */
@Component
class LocalComputeProvider implements ComputeProvider {

    private final LocalSettings settings;
    private final LocalExposure exposure;
    private final @Nullable String address;
    private final Home home;
    private final ArtifactStore store;
    private final Clock clock;

    LocalComputeProvider(
            LocalSettings settings,
            LocalExposure exposure,
            Environment environment,
            Home home,
            ArtifactStore store,
            Clock clock) {
        this.settings = settings;
        this.exposure = exposure;
        this.address = environment.getProperty("server.address");
        this.home = home;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Optional<Compute> create(String name, ClusterSettings cluster) {
        ClusterSettings.Local local = cluster.local();
        if (local == null) {
            return Optional.empty();
        }
        exposure.check(name, address);
        Target target = new Target(name, Target.Kind.LOCAL, local.parallelism(), Duration.ZERO, Duration.ofMillis(500));
        return Optional.of(new LocalCompute(target, settings, System.getenv(), home.runs(), store, clock));
    }
}
