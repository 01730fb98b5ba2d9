package io.slipway.compute.emr;

import io.slipway.compute.emr.client.EmrTargets;
import io.slipway.compute.emr.launch.JobRules;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One entry {@code slipway.clusters.<name>.emr}: an Amazon EMR cluster on EC2. Which one is said in one of five ways: by {@code clusterId}, {@code name}, {@code tags}, {@code clusterIds} or {@code template}.
 *
 * @param clusterId the EMR cluster's id
 * @param name the EMR cluster's name: the newest that is WAITING or RUNNING is taken, and another when it goes
 * @param tags that the EMR cluster carries, all of them; otherwise as by name
 * @param clusterIds no cluster but the rules for those that jobs name by their ids: patterns of ids, in which {@code *} stands for
 *     anything
 * @param stepConcurrency how many steps the cluster runs at once, 1 to 256 (EMR's default is 1)
 * @param lookAhead how many more of our steps may wait in EMR's own queue; what lies there can no longer be put in order
 * @param jobs what jobs get there, and what they may ask for
 * @param template no cluster but what it should be like: clusters are made by it when jobs wait; its step concurrency counts, not the one
 *     above. What is in it is read where clusters are ordered
 */
record EmrClusterSettings(
        @Pattern(regexp = "j-[A-Z0-9]+", message = "must be an EMR cluster id such as j-2AXXXXXXGAPLF") @Nullable
        String clusterId,

        @Nullable String name,
        @DefaultValue Map<String, String> tags,
        @DefaultValue List<String> clusterIds,
        @DefaultValue("1") @Min(1) @Max(256) int stepConcurrency,
        @DefaultValue("2") @Min(0) @Max(255) int lookAhead,
        @DefaultValue @Valid JobRules jobs,
        @DefaultValue Map<String, Object> template) {

    @ConstructorBinding
    EmrClusterSettings {
        tags = Map.copyOf(tags);
        clusterIds = List.copyOf(clusterIds);
        template = Map.copyOf(template);
    }

    /** One that is there already. */
    EmrClusterSettings(
            @Nullable String clusterId,
            @Nullable String name,
            Map<String, String> tags,
            List<String> clusterIds,
            int stepConcurrency,
            int lookAhead,
            JobRules jobs) {
        this(clusterId, name, tags, clusterIds, stepConcurrency, lookAhead, jobs, Map.of());
    }

    /** With the rules that hold where nothing was set. */
    EmrClusterSettings(String clusterId, int stepConcurrency, int lookAhead) {
        this(clusterId, null, Map.of(), List.of(), stepConcurrency, lookAhead, JobRules.DEFAULT);
    }

    /** The same rules for the cluster of the id. */
    EmrClusterSettings at(String id) {
        return new EmrClusterSettings(id, null, Map.of(), List.of(), stepConcurrency, lookAhead, jobs);
    }

    /** How many of the five ways are used. */
    int choices() {
        return (clusterId == null ? 0 : 1)
                + (name == null ? 0 : 1)
                + (tags.isEmpty() ? 0 : 1)
                + (clusterIds.isEmpty() ? 0 : 1)
                + (template.isEmpty() ? 0 : 1);
    }

    /** Whether it is no cluster but tells which ones jobs may name by their ids. */
    boolean isForIds() {
        return !clusterIds.isEmpty();
    }

    /** What they will be like, as far as the template is clear about it; whoever orders them reads all of it. */
    EmrTargets.Ordered ordered() {
        String release = text(template, "release");
        return new EmrTargets.Ordered(
                release == null ? "" : release,
                primaryTypes(),
                text(template, "python", "version"),
                texts(at(template, "python", "packages")));
    }

    private List<String> primaryTypes() {
        String ofGroups = text(template, "instances", "primary");
        return ofGroups == null ? texts(at(template, "fleets", "primary", "types")) : List.of(ofGroups);
    }

    /** A list of settings is a map from its places where nobody has said that it is one; or one text with commas. */
    private static List<String> texts(@Nullable Object found) {
        Collection<?> values = found instanceof Map<?, ?> places ? places.values() : List.of();
        if (found instanceof Collection<?> list) {
            values = list;
        } else if (found instanceof String text) {
            values = List.of(text.split("\\s*,\\s*"));
        }
        return values.stream().map(String::valueOf).toList();
    }

    private static @Nullable Object at(Map<?, ?> from, String... path) {
        Object found = from;
        for (String word : path) {
            found = found instanceof Map<?, ?> map ? map.get(word) : null;
        }
        return found;
    }

    private static @Nullable String text(Map<?, ?> from, String... path) {
        Object found = at(from, path);
        return found == null || found instanceof Map<?, ?> ? null : String.valueOf(found);
    }

    /** Whether its clusters are made when jobs wait. */
    boolean isMadeToOrder() {
        return !template.isEmpty();
    }
}
