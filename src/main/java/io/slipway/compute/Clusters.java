package io.slipway.compute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The configured clusters, by name, and those that jobs may name by their ids. The settings are the same from start to stop of the
 * service.
 */
@Component
public class Clusters {

    private final Map<String, Cluster> byName;
    private final String defaultName;
    private final Function<String, Optional<Cluster>> byId;

    @Autowired
    Clusters(ClustersSettings settings, List<ComputeProvider> providers) {
        this(createAll(settings, providers), chooseDefault(settings), id -> byId(id, settings, providers));
    }

    private Clusters(Map<String, Cluster> byName, String defaultName, Function<String, Optional<Cluster>> byId) {
        this.byName = Collections.unmodifiableMap(byName);
        this.defaultName = defaultName;
        this.byId = byId;
    }

    private static Map<String, Cluster> createAll(ClustersSettings settings, List<ComputeProvider> providers) {
        Map<String, Cluster> clusters = new LinkedHashMap<>();
        settings.named().forEach((name, cluster) -> clusters.put(name, create(name, cluster, providers)));
        return clusters;
    }

    private static Optional<Cluster> byId(String id, ClustersSettings settings, List<ComputeProvider> providers) {
        return settings.clusters().values().stream()
                .filter(ClusterSettings::isForIds)
                .flatMap(rules -> providers.stream().flatMap(provider -> provider.byId(id, rules).stream()))
                .findFirst();
    }

    /** The given ones; the first is the default. */
    public static Clusters of(List<? extends Cluster> clusters) {
        return of(clusters, id -> Optional.empty());
    }

    /** @param byId makes those that jobs name by their ids */
    public static Clusters of(List<? extends Cluster> clusters, Function<String, Optional<Cluster>> byId) {
        Map<String, Cluster> byName = new LinkedHashMap<>();
        clusters.forEach(cluster -> byName.put(cluster.traits().name(), cluster));
        return new Clusters(byName, clusters.get(0).traits().name(), byId);
    }

    /** The configured cluster of the name, or one that may be named by this id; the latter is made anew by every call. */
    public Optional<Cluster> find(String name) {
        Cluster configured = byName.get(name);
        return configured == null ? byId.apply(name) : Optional.of(configured);
    }

    /** The configured ones. */
    public Collection<Cluster> all() {
        return byName.values();
    }

    /** The configured ones, and those of the names that are ids which jobs may name. */
    public List<Cluster> all(Collection<String> names) {
        List<Cluster> all = new ArrayList<>(byName.values());
        names.stream()
                .filter(name -> !byName.containsKey(name))
                .sorted()
                .forEach(id -> byId.apply(id).ifPresent(all::add));
        return all;
    }

    public Set<String> names() {
        return byName.keySet();
    }

    /** The cluster of a job that names none. */
    public String defaultName() {
        return defaultName;
    }

    private static Cluster create(String name, ClusterSettings settings, List<ComputeProvider> providers) {
        List<Cluster> made = providers.stream()
                .flatMap(provider -> provider.create(name, settings).stream())
                .toList();
        if (made.size() != 1) {
            throw new IllegalStateException(
                    "slipway.clusters." + name + " must have exactly one kind under it: emr or local.");
        }
        return made.get(0);
    }

    private static String chooseDefault(ClustersSettings settings) {
        Map<String, ClusterSettings> clusters = settings.named();
        String wanted = settings.defaultCluster();
        if (wanted == null && clusters.size() == 1) {
            return clusters.keySet().iterator().next();
        }
        if (clusters.isEmpty()) {
            throw new IllegalStateException("slipway.clusters has no cluster for jobs that name none, only rules for"
                    + " ids (cluster-ids): add one, such as laptop: {local: {}}.");
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
