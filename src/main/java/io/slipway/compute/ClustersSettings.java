package io.slipway.compute;

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
 * @param clusters by name; what is said of each is read by the adapter of its kind; without any, this machine is the one cluster, {@code
 *     local}
 */
@ConfigurationProperties("slipway")
@Validated
record ClustersSettings(
        @Nullable String defaultCluster, @DefaultValue Map<String, Object> clusters) {

    ClustersSettings {
        clusters = Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
    }
}
