package io.slipway.project.spec;

import io.slipway.project.JobSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one source says, each field {@code null} where it says nothing; the layers on top of each other make a spec. */
record SpecLayer(
        @Nullable String name,
        @Nullable String cluster,
        @Nullable String entryPoint,
        @Nullable List<String> arguments,
        Maps maps,
        Bounds bounds,
        LaunchLayer launch) {

    /** They merge key by key, so that saying nothing and being empty are the same. */
    record Maps(Map<String, String> sparkConf, Map<String, String> environment, Map<String, String> labels) {

        Maps over(Maps below) {
            return new Maps(
                    merged(sparkConf, below.sparkConf),
                    merged(environment, below.environment),
                    merged(labels, below.labels));
        }

        private static Map<String, String> merged(Map<String, String> above, Map<String, String> below) {
            Map<String, String> merged = new LinkedHashMap<>(below);
            merged.putAll(above);
            return merged;
        }
    }

    record Bounds(
            @Nullable Duration timeout,
            @Nullable Duration queueTimeout,
            @Nullable Integer maxAttempts,
            @Nullable Integer priority) {

        Bounds over(Bounds below) {
            return new Bounds(
                    first(timeout, below.timeout),
                    first(queueTimeout, below.queueTimeout),
                    first(maxAttempts, below.maxAttempts),
                    first(priority, below.priority));
        }
    }

    SpecLayer over(SpecLayer below) {
        return new SpecLayer(
                first(name, below.name),
                first(cluster, below.cluster),
                first(entryPoint, below.entryPoint),
                first(arguments, below.arguments),
                maps.over(below.maps),
                bounds.over(below.bounds),
                launch.over(below.launch));
    }

    JobSpec toSpec() {
        Integer attempts = bounds.maxAttempts;
        Integer priority = bounds.priority;
        return new JobSpec(
                name,
                cluster,
                new JobSpec.Program(entryPoint, arguments == null ? List.of() : arguments, launch.toLaunch()),
                maps.sparkConf,
                maps.environment,
                maps.labels,
                new JobSpec.Limits(
                        bounds.timeout,
                        bounds.queueTimeout,
                        attempts == null ? JobSpec.Limits.NONE.maxAttempts() : attempts,
                        priority == null ? JobSpec.Limits.NONE.priority() : priority));
    }

    static <T> @Nullable T first(@Nullable T above, @Nullable T below) {
        return above != null ? above : below;
    }
}
