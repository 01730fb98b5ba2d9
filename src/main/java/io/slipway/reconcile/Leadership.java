package io.slipway.reconcile;

import io.slipway.compute.Lease;

/** Whether this replica is the one that dispatches and reconciles. */
interface Leadership extends Lease {

    /** The name that this replica writes into its intents. */
    String self();

    /** Cheap enough to be asked before every step. */
    default boolean isLeader() {
        return isHeld();
    }
}
