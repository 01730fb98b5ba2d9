package io.slipway.compute;

import jakarta.validation.Valid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where jobs may run.
 *
 * @param defaultCluster the cluster of a job that names none; may be left out when there is only one
 * @param clusters by name; without any, this machine is the one cluster, {@code local}
 */
@ConfigurationProperties("slipway")
@Validated
record ClustersSettings(
        @Nullable String defaultCluster, @DefaultValue Map<String, @Valid ClusterSettings> clusters) {

    ClustersSettings {
        clusters = clusters.isEmpty()
                ? Map.of("local", new ClusterSettings(null, new ClusterSettings.Local(2)))
                : Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
    }

    /** Those that are a cluster, and not the rules for some that jobs name by their ids. */
    Map<String, ClusterSettings> named() {
        Map<String, ClusterSettings> named = new LinkedHashMap<>(clusters);
        named.values().removeIf(ClusterSettings::isForIds);
        return named;
    }
}
