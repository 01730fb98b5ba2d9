package io.slipway.compute;

import java.util.Optional;

/** Makes the clusters of one kind; each adapter has one. */
public interface ComputeProvider {

    /**
     * @return empty when the settings are of another kind
     * @throws IllegalStateException with a sentence that names the setting, when they cannot work
     */
    Optional<Cluster> create(String name, ClusterSettings settings);

    /**
     * A cluster that a job names by its id.
     *
     * @param rules an entry that tells which clusters may be named so
     * @return empty when the id is not among them
     */
    default Optional<Cluster> byId(String id, ClusterSettings rules) {
        return Optional.empty();
    }
}
