package io.slipway.compute.emr;

import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.LaunchPreview;
import io.slipway.compute.LeftoverCleanup;
import io.slipway.compute.RunOutput;
import io.slipway.compute.RunSigns;
import io.slipway.compute.emr.client.EmrTargets;
import java.util.Optional;

/** What a configured name stands for on EMR. */
final class EmrCompute implements Cluster {

    private final ClusterTraits traits;
    private final EmrExecutor executor;
    private final RunOutput output;
    private final RunSigns signs;
    private final LaunchPreview preview;
    private final Optional<LeftoverCleanup> cleanup;
    private final EmrTargets.Target target;

    EmrCompute(
            ClusterTraits traits,
            EmrExecutor executor,
            RunOutput output,
            RunSigns signs,
            LaunchPreview preview,
            boolean cleansUp,
            EmrTargets.Target target) {
        this.traits = traits;
        this.executor = executor;
        this.output = output;
        this.signs = signs;
        this.preview = preview;
        this.target = target;
        this.cleanup = cleansUp ? Optional.of(new EmrCleanup(executor)) : Optional.empty();
    }

    @Override
    public ClusterTraits traits() {
        return traits;
    }

    @Override
    public EmrExecutor executor() {
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

    @Override
    public Optional<LeftoverCleanup> cleanup() {
        return cleanup;
    }

    EmrTargets.Target target() {
        return target;
    }

    @Override
    public ClusterHealth health() {
        return executor.health();
    }
}
