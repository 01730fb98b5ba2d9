package io.slipway.provision;

import java.util.Map;
import java.util.Set;

/**
 * What the jobs of one configured cluster need.
 *
 * @param waiting in the queue, those that may not go yet left out; and the builds of environments that could begin
 * @param runs by the id of the cluster: how many of our runs and builds are there, or may be
 * @param waitingOwners the jobs, of those that have a cluster to themselves, that wait in the queue
 * @param liveOwners the jobs, of those that have a cluster to themselves, that have not ended
 */
public record ClusterLoad(long waiting, Map<String, Long> runs, Set<String> waitingOwners, Set<String> liveOwners) {

    public ClusterLoad {
        runs = Map.copyOf(runs);
        waitingOwners = Set.copyOf(waitingOwners);
        liveOwners = Set.copyOf(liveOwners);
    }

    long runsOn(ClusterOrder order) {
        String id = order.clusterId();
        return id == null ? 0 : runs.getOrDefault(id, 0L);
    }
}
