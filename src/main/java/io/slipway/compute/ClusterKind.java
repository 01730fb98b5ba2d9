package io.slipway.compute;

/** How a cluster's kind is spelled in JSON and in the settings. Only adapters know what it means. */
public enum ClusterKind {
    LOCAL,
    EMR
}
