package io.slipway.reconcile;

/** More time for a transaction that holds a row while it waits for something that is no database. */
interface TransactionPatience {

    /** For the current transaction: about five minutes, after which PostgreSQL takes its replica for dead. */
    void extend();
}
