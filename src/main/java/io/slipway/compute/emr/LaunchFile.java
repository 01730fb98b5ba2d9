package io.slipway.compute.emr;

import io.slipway.project.LaunchPlan;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code launch.json}: what the launcher reads on the driver. The job's environment is set there alone; executors get none of it,
 * because the only way to them is a step's arguments, which EMR shows to everybody who may look at the cluster.
 */
record LaunchFile(String entryPoint, List<String> arguments, Map<String, String> environment) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static byte[] of(LaunchPlan plan) {
        return JSON.writeValueAsBytes(new LaunchFile(plan.entryPoint(), plan.arguments(), plan.environment()));
    }
}
