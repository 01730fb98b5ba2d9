package io.slipway.environments;

/** What is at fault when a build does not go well. */
public enum BuildFault {
    /** What is to be installed: the same would fail again, wherever it is built. */
    REQUIREMENTS,
    /** The index of packages cannot be reached from where it is built. */
    INDEX,
    /** The machine or the cluster. */
    PLACE
}
