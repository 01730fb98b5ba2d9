package io.slipway.compute;

import org.jspecify.annotations.Nullable;

/**
 * Who is on the cluster to which new runs go.
 *
 * @param clusterId that cluster's own id, for a name under which different clusters are found as time goes by; {@code null} where there
 *     is only one, or none is known
 * @param runsAtOnce how many runs go on at once; what is there beyond that waits in the cluster's own queue
 * @param others other people's runs that have not ended
 * @param othersWaiting those of them that have not begun
 * @param freeSlots how many of our runs it can hold beside other people's
 */
public record Occupancy(@Nullable String clusterId, int runsAtOnce, int others, int othersWaiting, int freeSlots) {

    /** Nobody else is there. */
    public static Occupancy ofOurs(@Nullable String clusterId, int runsAtOnce) {
        return new Occupancy(clusterId, runsAtOnce, 0, 0, Integer.MAX_VALUE);
    }
}
