package io.slipway.provision;

/** Somebody asked for a change that may not follow the order's state. */
public final class IllegalOrderChange extends RuntimeException {

    IllegalOrderChange(String key, OrderState from, OrderState to) {
        super("Order " + key + " is " + from + " and cannot become " + to + ".");
    }
}
