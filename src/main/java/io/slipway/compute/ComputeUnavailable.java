package io.slipway.compute;

import org.jspecify.annotations.Nullable;

/** A cluster did not answer. That says nothing about its runs. */
public final class ComputeUnavailable extends RuntimeException {

    public ComputeUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
