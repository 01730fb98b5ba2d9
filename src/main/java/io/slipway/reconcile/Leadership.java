package io.slipway.reconcile;

/** Whether this replica is the one that dispatches and reconciles. */
interface Leadership {

    /** The name that this replica writes into its intents. */
    String self();

    /** Cheap enough to be asked before every step. */
    boolean isLeader();
}
