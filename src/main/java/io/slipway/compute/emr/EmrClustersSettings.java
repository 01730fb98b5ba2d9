package io.slipway.compute.emr;

import jakarta.validation.Valid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The EMR clusters among the configured ones.
 *
 * @param clusters by name
 */
@ConfigurationProperties("slipway")
@Validated
record EmrClustersSettings(@DefaultValue Map<String, @Valid Entry> clusters) {

    /** @param emr {@code null} for a cluster of another kind */
    record Entry(@Nullable @Valid EmrClusterSettings emr) {}

    /** Those of EMR, in the order of the settings. */
    Map<String, EmrClusterSettings> ours() {
        Map<String, EmrClusterSettings> ours = new LinkedHashMap<>();
        clusters.forEach((name, entry) -> {
            if (entry.emr() != null) {
                ours.put(name, entry.emr());
            }
        });
        return Collections.unmodifiableMap(ours);
    }
}
