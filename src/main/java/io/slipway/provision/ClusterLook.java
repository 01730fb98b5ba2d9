package io.slipway.provision;

import org.jspecify.annotations.Nullable;

/**
 * The result of one look at a cluster.
 *
 * @param why what is said of its state, such as why it failed; {@code null} for nothing
 * @param instanceHours normalised, as they are billed; {@code null} while they are not known
 */
public record ClusterLook(
        Phase phase, @Nullable String why, @Nullable Integer instanceHours) {

    /** How far a cluster is. */
    public enum Phase {
        COMING,
        READY,
        ENDING,
        ENDED,
        /** It ended otherwise than somebody wished. */
        FAILED,
        /** Nobody knows the id. */
        UNKNOWN
    }
}
