package io.slipway.reconcile;

/** The only replica there is, which leads for ever. */
final class Alone implements Leadership {
    @Override
    public String self() {
        return "test";
    }

    @Override
    public boolean isHeld() {
        return true;
    }

    @Override
    public long term() {
        return 1;
    }
}
