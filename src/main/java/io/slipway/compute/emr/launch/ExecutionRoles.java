package io.slipway.compute.emr.launch;

import io.slipway.compute.JobRules;
import io.slipway.project.LaunchPlan;
import java.util.Optional;

/** The runtime role of a step. */
final class ExecutionRoles {

    private ExecutionRoles() {}

    /** Empty where the cluster's instance profile is used. */
    static Optional<String> of(LaunchPlan plan, JobRules rules) {
        return Optional.ofNullable(plan.launch().executionRole()).or(() -> Optional.ofNullable(rules.executionRole()));
    }
}
