package io.slipway.compute.emr.client;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterState;
import io.slipway.compute.OrderedClusters.OpenCluster;
import java.util.List;
import java.util.Optional;

/** Which EMR cluster a configured name stands for. */
public interface ClusterChoice {

    /** The cluster that steps are added to now; EMR is asked when none is known and it is time to. Only the loops call this. */
    Optional<String> choose();

    /** The last answer of {@link #choose}. */
    Optional<String> chosen();

    /** Where new runs may go now; more than one cluster where a name stands for several clusters at once. */
    default List<OpenCluster> openClusters() {
        return choose().map(id -> new OpenCluster(id, Integer.MAX_VALUE, null)).stream()
                .toList();
    }

    /** The cluster takes no more steps. Returns whether another cluster may be used instead. */
    boolean replace(String clusterId);

    /** Whether another cluster may be chosen as time goes by. */
    boolean mayChange();

    /** Why there is none, for people. */
    String missing();

    /** How the name is while there is none. */
    default ClusterHealth whenNone() {
        return new ClusterHealth(ClusterState.UNKNOWN, missing(), null);
    }

    /** The one that the settings name by its id. */
    record Fixed(String clusterId) implements ClusterChoice {

        @Override
        public Optional<String> choose() {
            return Optional.of(clusterId);
        }

        @Override
        public Optional<String> chosen() {
            return Optional.of(clusterId);
        }

        @Override
        public boolean replace(String gone) {
            return false;
        }

        @Override
        public boolean mayChange() {
            return false;
        }

        @Override
        public String missing() {
            return "";
        }
    }
}
