package io.slipway.compute;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which clusters there are for a configured name whose clusters are made to order. Whoever makes them answers; the loop alone asks. */
public interface OrderedClusters {

    /** How many clusters of the name there may be, and what each takes; empty for a name whose cluster is not made to order. */
    Optional<Size> sizeOf(String name);

    /** Those that take runs now, the oldest first. */
    List<OpenCluster> openClusters(String name);

    /** How the name is while no cluster takes runs, and why that is so. */
    ClusterHealth whenNone(String name);

    /**
     * What was ordered.
     *
     * @param clusters at most so many at once
     * @param stepConcurrency how many steps each runs at once
     * @param slots how many of our runs each holds, waiting ones included
     */
    record Size(int clusters, int stepConcurrency, int slots) {}

    /**
     * One cluster.
     *
     * @param freeSlots for how many more runs
     * @param jobId of the only job that it was made for; {@code null} when any job may go there
     */
    record OpenCluster(
            String clusterId, int freeSlots, @Nullable String jobId) {}

    /** Where nothing is made to order. */
    OrderedClusters NONE = new OrderedClusters() {
        @Override
        public Optional<Size> sizeOf(String name) {
            return Optional.empty();
        }

        @Override
        public List<OpenCluster> openClusters(String name) {
            return List.of();
        }

        @Override
        public ClusterHealth whenNone(String name) {
            return ClusterHealth.NOT_SEEN_YET;
        }
    };
}
