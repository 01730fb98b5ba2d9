package io.slipway.compute.emr.launch;

import io.slipway.compute.JobRules;
import io.slipway.project.DriverHost;
import io.slipway.project.Launch.Layout;
import io.slipway.project.LaunchPlan;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the driver of a plan runs in, and how long YARN waits there for its Spark context. */
final class DriverHosts {

    /** Spark's own, which is little for a program that fetches and prepares before it starts Spark. */
    private static final Duration SPARKS_WAIT = Duration.ofSeconds(100);

    private static final Duration A_DAY = Duration.ofDays(1);

    private DriverHosts() {}

    static DriverHost of(LaunchPlan plan, JobRules rules) {
        if (StepArguments.onPrimaryNode(plan, rules)) {
            return DriverHost.PROCESS;
        }
        if (plan.launch().layout() == Layout.SPLIT) {
            return DriverHost.YARN_ALONE;
        }
        return rules.lateContext() ? DriverHost.YARN_WITH_LATE_CONTEXT : DriverHost.YARN_WITH_LAUNCHER;
    }

    /** As {@code spark.yarn.am.waitTime}: after it YARN ends a driver that has made no context, whatever it is busy with. */
    static String waitForContext(@Nullable Duration timeout) {
        Duration wait = timeout == null ? A_DAY : timeout;
        return Math.max(wait.toSeconds(), SPARKS_WAIT.toSeconds()) + "s";
    }
}
