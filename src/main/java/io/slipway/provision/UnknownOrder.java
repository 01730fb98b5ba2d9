package io.slipway.provision;

/** There is no order of this key. */
public final class UnknownOrder extends RuntimeException {
    public UnknownOrder(String key) {
        super("There is no cluster order " + key + ".");
    }
}
