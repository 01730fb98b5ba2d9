package io.slipway.compute;

import java.util.Optional;
import java.util.Set;

/** Makes the clusters of one kind from its own part of the settings; each adapter has one. */
public interface ComputeProvider {

    /** The key of the kind under {@code slipway.clusters.<name>}. */
    String kind();

    /** The entries of {@code slipway.clusters} that are of this kind, also those that are no cluster but rules for ids. */
    Set<String> names();

    /**
     * @param name one of {@link #names}
     * @return empty when the entry only tells which clusters jobs may name by their ids
     * @throws IllegalStateException with a sentence that names the setting, when it cannot work
     */
    Optional<Cluster> create(String name);

    /**
     * A cluster that a job names by its id.
     *
     * @return empty when no entry allows the id
     */
    Optional<Cluster> byId(String id);

    /** How jobs can name clusters by their ids, as a sentence for somebody who tried; empty where they cannot. */
    Optional<String> aboutIds();
}
