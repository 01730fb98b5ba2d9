package io.slipway.reconcile;

import java.util.function.BooleanSupplier;

/** A replica that leads in its first term, for as long as its test says so. */
record TestLeader(BooleanSupplier leads) implements Leadership {

    @Override
    public String self() {
        return "test";
    }

    @Override
    public boolean isHeld() {
        return leads.getAsBoolean();
    }

    @Override
    public long term() {
        return 1;
    }
}
