package io.slipway.project;

import java.util.List;
import java.util.Map;

/**
 * What to start, not how a cluster spells it.
 *
 * @param projectId SHA-256 of the project's canonical manifest, in lower-case hex
 * @param entryPoint path of the {@code .py} file from the project's root
 */
public record LaunchPlan(
        String projectId,
        String entryPoint,
        List<String> arguments,
        Map<String, String> sparkConf,
        Map<String, String> environment) {

    public LaunchPlan {
        arguments = List.copyOf(arguments);
    }

    /** The plan of a spec whose entry point is known. */
    public static LaunchPlan of(String projectId, JobSpec spec) {
        String entryPoint = spec.program().entryPoint();
        if (entryPoint == null) {
            throw new IllegalStateException("a plan needs the entry point that the inspection found");
        }
        return new LaunchPlan(projectId, entryPoint, spec.program().arguments(), spec.sparkConf(), spec.environment());
    }
}
