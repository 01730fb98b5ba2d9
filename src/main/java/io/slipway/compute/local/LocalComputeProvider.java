package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Home;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterKind;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.ComputeProvider;
import io.slipway.compute.ResultLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Makes this machine a cluster. Several of them share its run folders, which are named by submission key. */
@Component
class LocalComputeProvider implements ComputeProvider {

    private final LocalClustersSettings clusters;
    private final LocalSettings settings;
    private final ResultLimits limits;
    private final LocalExposure exposure;
    private final @Nullable String address;
    private final Home home;
    private final ArtifactStore store;
    private final Clock clock;

    LocalComputeProvider(
            LocalClustersSettings clusters,
            LocalSettings settings,
            ResultLimits limits,
            LocalExposure exposure,
            Environment environment,
            Home home,
            ArtifactStore store,
            Clock clock) {
        this.clusters = clusters;
        this.settings = settings;
        this.limits = limits;
        this.exposure = exposure;
        this.address = environment.getProperty("server.address");
        this.home = home;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return "local";
    }

    @Override
    public Set<String> names() {
        return clusters.ours().keySet();
    }

    @Override
    public Optional<Cluster> byId(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<String> aboutIds() {
        return Optional.empty();
    }

    @Override
    public Optional<Cluster> create(String name) {
        LocalClustersSettings.Local local =
                Objects.requireNonNull(clusters.ours().get(name));
        exposure.check(name, address);
        ClusterTraits traits = new ClusterTraits(
                name,
                ClusterKind.LOCAL,
                local.parallelism(),
                Duration.ZERO,
                Duration.ofMillis(500),
                Set.of(ClusterTraits.Habit.RUNS_HERE),
                local.jobs().requirements());
        return Optional.of(new LocalCompute(
                traits, settings, limits, System.getenv(), home.runs(), home.environments(), store, clock));
    }
}
