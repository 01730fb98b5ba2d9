package io.slipway.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a job in the queue waits for, beside its turn.
 *
 * @param state of the environment, or of the cluster's order; {@code null} before it is known which environment it is
 * @param message for people
 * @param environmentId {@code null} for a cluster, and before it is known
 */
public record Wait(
        Kind kind,
        @Nullable String state,
        Instant since,
        String message,
        @Nullable String environmentId) {

    /** Of what. */
    public enum Kind {
        ENVIRONMENT,
        CLUSTER
    }
}
