package io.slipway.compute;

import org.jspecify.annotations.Nullable;

/** A cluster did not answer. That says nothing about its runs. */
public class ComputeUnavailable extends RuntimeException {

    public ComputeUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The cluster was not even asked: what may be asked of it now is spent. The next turn asks. */
    public static final class Spent extends ComputeUnavailable {
        public Spent(String message) {
            super(message, null);
        }
    }
}
