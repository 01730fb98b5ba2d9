package io.slipway.compute;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as it was last seen.
 *
 * @param state {@code UNKNOWN} before the first answer
 * @param message what a person should know, such as why it cannot be reached
 * @param seenAt when it last answered
 * @param logUri where it keeps its logs; {@code null} when it keeps none, or when it has not said yet
 * @param clusterId which cluster that is now, in its own words (an EMR cluster's id); {@code null} where a name says it all, or while none is
 *     found
 * @param calls what may still be asked of the service behind it, as the leader counts it; none where that is not limited
 */
public record ClusterHealth(
        ClusterState state,
        @Nullable String message,
        @Nullable Instant seenAt,
        @Nullable String logUri,
        @Nullable String clusterId,
        List<CallsLeft> calls) {

    public ClusterHealth {
        calls = List.copyOf(calls);
    }

    public ClusterHealth(
            ClusterState state,
            @Nullable String message,
            @Nullable Instant seenAt,
            @Nullable String logUri,
            @Nullable String clusterId) {
        this(state, message, seenAt, logUri, clusterId, List.of());
    }

    public ClusterHealth withCalls(List<CallsLeft> left) {
        return new ClusterHealth(state, message, seenAt, logUri, clusterId, left);
    }

    /** As it was, by an answer of that time that showed no change. */
    public ClusterHealth answered(Instant at) {
        return new ClusterHealth(state, message, at, logUri, clusterId, calls);
    }

    public static final ClusterHealth NOT_SEEN_YET = new ClusterHealth(ClusterState.UNKNOWN, null, null);

    public ClusterHealth(ClusterState state, @Nullable String message, @Nullable Instant seenAt) {
        this(state, message, seenAt, null, null);
    }
}
