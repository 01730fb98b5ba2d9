package io.slipway.control;

/** Somebody asked for what only operators may do. */
public final class NotAnOperator extends RuntimeException {
    NotAnOperator() {
        super("Only operators start, drain and terminate clusters; they are named by slipway.security.operators.");
    }
}
