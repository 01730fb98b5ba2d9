package io.slipway.reconcile;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How many slots of each cluster are for builds of environments, which go before the jobs in its queue. */
@Component
class BuildSlots {

    private volatile Map<String, Load> byCluster = Map.of();

    /**
     * Builds for one configured cluster.
     *
     * @param waiting that could begin if there were a machine for them
     * @param under those that are under way
     * @param byMachine those that are under way, by the id of their machine, where a cluster can mean several
     */
    record Load(int waiting, int under, Map<String, Long> byMachine) {

        static final Load NONE = new Load(0, 0, Map.of());

        Load {
            byMachine = Map.copyOf(byMachine);
        }

        Load plus(boolean building, @Nullable String machine) {
            Map<String, Long> counted = new HashMap<>(byMachine);
            if (building && machine != null) {
                counted.merge(machine, 1L, Long::sum);
            }
            return new Load(waiting + (building ? 0 : 1), under + (building ? 1 : 0), counted);
        }
    }

    void set(Map<String, Load> counted) {
        byCluster = Map.copyOf(counted);
    }

    Load load(String cluster) {
        return byCluster.getOrDefault(cluster, Load.NONE);
    }

    int of(String cluster) {
        return load(cluster).waiting() + load(cluster).under();
    }
}
