package io.slipway.reconcile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** How many slots of each cluster are for builds of environments, which go before the jobs in its queue. */
@Component
class BuildSlots {

    private final Map<String, Integer> byCluster = new ConcurrentHashMap<>();

    void set(Map<String, Integer> counted) {
        byCluster.keySet().retainAll(counted.keySet());
        byCluster.putAll(counted);
    }

    int of(String cluster) {
        return byCluster.getOrDefault(cluster, 0);
    }
}
