package io.slipway.provision;

import java.time.Instant;
import java.util.Set;

/**
 * The cluster that jobs in the queue wait for.
 *
 * @param state of the order; {@code PAUSED} and {@code FAILED} when nothing is ordered for now, {@code IN_USE} when each cluster that there
 *     may be is another job's
 * @param message for people
 * @param owners ids of the jobs that do not wait for it: each has a cluster to itself
 */
public record ClusterWait(String state, Instant since, String message, Set<String> owners) {

    public ClusterWait {
        owners = Set.copyOf(owners);
    }
}
