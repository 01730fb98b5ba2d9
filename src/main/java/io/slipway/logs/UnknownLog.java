package io.slipway.logs;

/** The run has no stream of this name, now. */
public final class UnknownLog extends RuntimeException {

    UnknownLog(String message) {
        super(message);
    }
}
