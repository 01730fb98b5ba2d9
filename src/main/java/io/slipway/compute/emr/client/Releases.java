package io.slipway.compute.emr.client;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.model.Cluster;

/** Which releases the clusters are that this replica has seen. A cluster never changes its own, so nothing is asked for a second time. */
public final class Releases {

    private final Map<String, Release> byCluster = new ConcurrentHashMap<>();

    void record(Cluster cluster) {
        Release.of(cluster.releaseLabel()).ifPresent(release -> byCluster.put(cluster.id(), release));
    }

    /** @param clusterId {@code null} where none was chosen yet */
    public Optional<Release> of(@Nullable String clusterId) {
        return clusterId == null ? Optional.empty() : Optional.ofNullable(byCluster.get(clusterId));
    }
}
