package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.Observation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The result of the last look at each cluster; each is written by its cluster's own loop alone. */
final class LastLooks {

    private final Map<String, Observation> last = new ConcurrentHashMap<>();

    Observation of(Cluster cluster) {
        return last.getOrDefault(cluster.traits().name(), Observation.none(cluster.traits()));
    }

    void record(Cluster cluster, Observation look) {
        last.put(cluster.traits().name(), look);
    }

    /** The cluster did not answer: who was there is as it was known before. */
    void failed(Cluster cluster) {
        last.computeIfPresent(cluster.traits().name(), (name, look) -> look.afterAFailure());
    }

    void forget(String cluster) {
        last.remove(cluster);
    }
}
