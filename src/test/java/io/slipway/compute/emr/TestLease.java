package io.slipway.compute.emr;

import io.slipway.compute.Lease;

/** Held until a test takes it away; no other replica ever had it. */
final class TestLease implements Lease {

    volatile boolean held = true;
    volatile long term;

    @Override
    public boolean isHeld() {
        return held;
    }

    @Override
    public long term() {
        return term;
    }
}
