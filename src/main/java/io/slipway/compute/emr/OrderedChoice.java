package io.slipway.compute.emr;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.OrderedClusters.OpenCluster;
import io.slipway.compute.emr.client.ClusterChoice;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The clusters that were made to order for a name. One that turns out to be gone gets no more runs; whoever ordered it notices by itself. */
final class OrderedChoice implements ClusterChoice {

    private final String name;
    private final OrderedClusters ordered;
    private final Set<String> gone = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String chosen;

    OrderedChoice(String name, OrderedClusters ordered) {
        this.name = name;
        this.ordered = ordered;
    }

    @Override
    public Optional<String> choose() {
        chosen = openClusters().stream().map(OpenCluster::clusterId).findFirst().orElse(null);
        return chosen();
    }

    @Override
    public List<OpenCluster> openClusters() {
        List<OpenCluster> clusters = ordered.openClusters(name);
        return clusters.stream()
                .filter(cluster -> !gone.contains(cluster.clusterId()))
                .toList();
    }

    @Override
    public Optional<String> chosen() {
        return Optional.ofNullable(chosen);
    }

    @Override
    public boolean replace(String clusterId) {
        gone.add(clusterId);
        return true;
    }

    @Override
    public boolean mayChange() {
        return true;
    }

    @Override
    public String missing() {
        return Objects.requireNonNullElse(whenNone().message(), "");
    }

    @Override
    public ClusterHealth whenNone() {
        return ordered.whenNone(name);
    }
}
