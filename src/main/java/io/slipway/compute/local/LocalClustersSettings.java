package io.slipway.compute.local;

import io.slipway.compute.ClusterTraits;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What this machine is among the configured clusters.
 *
 * @param clusters by name; without any, this machine is the one cluster, {@code local}
 */
@ConfigurationProperties("slipway")
@Validated
record LocalClustersSettings(@DefaultValue Map<String, @Valid Entry> clusters) {

    LocalClustersSettings {
        clusters = clusters.isEmpty() ? Map.of("local", new Entry(new Local(2, Jobs.DEFAULT))) : clusters;
    }

    /** @param local {@code null} for a cluster of another kind */
    record Entry(@Nullable @Valid Local local) {}

    /**
     * @param parallelism how many runs at once, 1 to 256
     * @param jobs what jobs may ask for there
     */
    record Local(
            @DefaultValue("2") @Min(1) @Max(256) int parallelism,
            @DefaultValue Jobs jobs) {}

    /**
     * @param requirements whether Python environments are built of what projects need: {@code auto} (also of a lock or requirements.txt
     *     at the project's root that nobody named; where no index of packages can be reached such a job runs without), {@code on-request} or {@code denied}
     */
    record Jobs(@DefaultValue("auto") ClusterTraits.Requirements requirements) {

        static final Jobs DEFAULT = new Jobs(ClusterTraits.Requirements.AUTO);
    }

    /** Those of this machine, in the order of the settings. */
    Map<String, Local> ours() {
        Map<String, Local> ours = new LinkedHashMap<>();
        clusters.forEach((name, entry) -> {
            if (entry.local() != null) {
                ours.put(name, entry.local());
            }
        });
        return Collections.unmodifiableMap(ours);
    }
}
