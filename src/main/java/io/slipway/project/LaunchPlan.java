package io.slipway.project;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to start, not how a cluster spells it.
 *
 * @param projectId SHA-256 of the project's canonical manifest, in lower-case hex
 * @param entryPoint path of the {@code .py} file from the project's root, or {@code -m package.module}
 * @param sparkConf with the settings that the launch's resources mean
 * @param timeout longest time in RUNNING; {@code null} without one
 */
public record LaunchPlan(
        ArtifactId projectId,
        String entryPoint,
        List<String> arguments,
        Map<String, String> sparkConf,
        Map<String, String> environment,
        Launch launch,
        @Nullable Duration timeout) {

    public LaunchPlan {
        arguments = List.copyOf(arguments);
        sparkConf = withResources(sparkConf, launch);
    }

    /** Without a longest time. */
    public LaunchPlan(
            ArtifactId projectId,
            String entryPoint,
            List<String> arguments,
            Map<String, String> sparkConf,
            Map<String, String> environment,
            Launch launch) {
        this(projectId, entryPoint, arguments, sparkConf, environment, launch, null);
    }

    /** Started in the usual way. */
    public LaunchPlan(
            ArtifactId projectId,
            String entryPoint,
            List<String> arguments,
            Map<String, String> sparkConf,
            Map<String, String> environment) {
        this(projectId, entryPoint, arguments, sparkConf, environment, Launch.DEFAULT);
    }

    /** The plan of a spec whose entry point is known. */
    public static LaunchPlan of(ArtifactId projectId, JobSpec spec) {
        JobSpec.Program program = spec.program();
        String entryPoint = program.entryPoint();
        if (entryPoint == null) {
            throw new IllegalStateException("a plan needs the entry point that the inspection found");
        }
        return new LaunchPlan(
                projectId,
                entryPoint,
                program.arguments(),
                spec.sparkConf(),
                spec.environment(),
                program.launch(),
                spec.limits().timeout());
    }

    /** Who says both gets both, as spark-submit's options would not have it: there an option hides the setting. */
    private static Map<String, String> withResources(Map<String, String> sparkConf, Launch launch) {
        Map<String, String> all = new LinkedHashMap<>(sparkConf);
        for (SparkResource resource : SparkResource.values()) {
            resource.synonym().map(all::remove).ifPresent(items -> add(all, resource, items));
        }
        launch.resources().forEach((resource, items) -> add(all, resource, String.join(",", items)));
        return Collections.unmodifiableMap(all);
    }

    private static void add(Map<String, String> all, SparkResource resource, String items) {
        all.merge(resource.setting(), items, (set, wanted) -> set.isBlank() ? wanted : set + "," + wanted);
    }

    /** Which field of the spec a Spark setting of the plan comes from, for messages about it. */
    public String fieldOf(String setting) {
        return launch.resources().keySet().stream()
                .filter(resource -> resource.setting().equals(setting))
                .map(SparkResource::field)
                .findFirst()
                .orElse("sparkConf." + setting);
    }

    public EntryPoint entry() {
        return new EntryPoint(entryPoint);
    }
}
