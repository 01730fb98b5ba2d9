package io.slipway.environments;

import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.Clusters;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Who builds for which cluster. */
@Component
public class EnvironmentBuilders {

    private final List<EnvironmentBuilder> builders;
    private final Clusters clusters;

    EnvironmentBuilders(List<EnvironmentBuilder> builders, Clusters clusters) {
        this.builders = builders;
        this.clusters = clusters;
    }

    /** Empty when nobody builds for a cluster of this name, or it is not there any more. */
    public Optional<EnvironmentBuilder> of(String cluster) {
        return clusters.find(cluster).map(Cluster::traits).flatMap(this::of);
    }

    public Optional<EnvironmentBuilder> of(ClusterTraits cluster) {
        return builders.stream().filter(builder -> builder.buildsFor(cluster)).findFirst();
    }
}
