package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.LaunchPreview;
import io.slipway.compute.LeftoverCleanup;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.RunExecutor;
import io.slipway.compute.RunOutput;
import io.slipway.compute.RunSigns;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** This machine as a cluster. */
final class LocalCompute implements Cluster {

    private final ClusterTraits traits;
    private final LocalExecutor executor;
    private final LocalOutput output;
    private final LocalSigns signs;
    private final LocalPreview preview;

    /** @param service the environment of the service, of which runs see only what is on a list */
    LocalCompute(
            ClusterTraits traits,
            LocalSettings settings,
            ResultLimits limits,
            Map<String, String> service,
            Path runs,
            Path environments,
            ArtifactStore store,
            Clock clock) {
        Launchers launchers = new Launchers(settings.python(), service, clock);
        this.traits = traits;
        this.executor = new LocalExecutor(
                traits.slots(), settings, limits, service, runs, environments, store, launchers, clock);
        this.output = new LocalOutput(runs);
        this.signs = new LocalSigns(runs);
        this.preview = new LocalPreview(launchers);
    }

    @Override
    public ClusterTraits traits() {
        return traits;
    }

    @Override
    public RunExecutor executor() {
        return executor;
    }

    @Override
    public RunOutput output() {
        return output;
    }

    @Override
    public RunSigns signs() {
        return signs;
    }

    @Override
    public LaunchPreview preview() {
        return preview;
    }

    /** A supervisor ends all that its run has started. */
    @Override
    public Optional<LeftoverCleanup> cleanup() {
        return Optional.empty();
    }

    @Override
    public ClusterHealth health() {
        return executor.health();
    }
}
