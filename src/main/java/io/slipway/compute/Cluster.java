package io.slipway.compute;

import java.util.Optional;

/** A configured cluster: what is true of it, and the ports that lead to it, one for each caller. */
public interface Cluster {

    ClusterTraits traits();

    /** For the loop alone. */
    RunExecutor executor();

    /** For whoever reads what runs printed. */
    RunOutput output();

    /** For whoever wants to know what runs tell of themselves. */
    RunSigns signs();

    /** For whoever wants to know, before anything is sent, what a plan becomes. */
    LaunchPreview preview();

    /** Ends what stopped runs left; empty where nothing is left, or nobody may end it. */
    Optional<LeftoverCleanup> cleanup();

    /** The state of the cluster as it was last seen; from memory. */
    ClusterHealth health();
}
