package io.slipway.compute;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The configured clusters, by name. They are the same from start to stop of the service. */
@Component
public class Clusters {

    private final Map<String, Compute> byName;
    private final String defaultName;

    @Autowired
    Clusters(ClustersSettings settings, List<ComputeProvider> providers) {
        this(createAll(settings, providers), chooseDefault(settings));
    }

    private Clusters(Map<String, Compute> byName, String defaultName) {
        this.byName = Collections.unmodifiableMap(byName);
        this.defaultName = defaultName;
    }

    private static Map<String, Compute> createAll(ClustersSettings settings, List<ComputeProvider> providers) {
        Map<String, Compute> clusters = new LinkedHashMap<>();
        settings.clusters().forEach((name, cluster) -> clusters.put(name, create(name, cluster, providers)));
        return clusters;
    }

    /** The given ones; the first is the default. */
    public static Clusters of(List<? extends Compute> clusters) {
        Map<String, Compute> byName = new LinkedHashMap<>();
        clusters.forEach(cluster -> byName.put(cluster.target().name(), cluster));
        return new Clusters(byName, clusters.get(0).target().name());
    }

    public Optional<Compute> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<Compute> all() {
        return byName.values();
    }

    public Set<String> names() {
        return byName.keySet();
    }

    /** The cluster of a job that names none. */
    public String defaultName() {
        return defaultName;
    }

    private static Compute create(String name, ClusterSettings settings, List<ComputeProvider> providers) {
        List<Compute> made = providers.stream()
                .flatMap(provider -> provider.create(name, settings).stream())
                .toList();
        if (made.size() != 1) {
            throw new IllegalStateException(
                    "slipway.clusters." + name + " must have exactly one kind under it: emr or local.");
        }
        return made.get(0);
    }

    private static String chooseDefault(ClustersSettings settings) {
        Map<String, ClusterSettings> clusters = settings.clusters();
        String wanted = settings.defaultCluster();
        if (wanted == null && clusters.size() == 1) {
            return clusters.keySet().iterator().next();
        }
        if (wanted == null) {
            throw new IllegalStateException("There are several clusters (" + String.join(", ", clusters.keySet())
                    + "): set slipway.default-cluster to the one of jobs that name none.");
        }
        if (!clusters.containsKey(wanted)) {
            throw new IllegalStateException("slipway.default-cluster is " + wanted
                    + ", which is not under slipway.clusters (" + String.join(", ", clusters.keySet()) + ").");
        }
        return wanted;
    }
}
