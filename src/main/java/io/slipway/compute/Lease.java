package io.slipway.compute;

/** The right to call the clusters, which one replica has at a time. An account's call budget and its submissions hang on it. */
public interface Lease {

    /** Whether it is held at this very moment, as far as this replica's clock can tell; cheap enough to be asked before every call. */
    boolean isHeld();

    /** Counts how often this replica came by it. Another number than before means that another replica may have called meanwhile. */
    long term();
}
