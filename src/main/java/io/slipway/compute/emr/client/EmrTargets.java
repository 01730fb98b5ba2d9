package io.slipway.compute.emr.client;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the configured names of EMR clusters stand for, for whoever else has steps run there. */
public interface EmrTargets {

    /** Empty for a name that is no EMR cluster. */
    Optional<Target> find(String name);

    /**
     * What one name stands for.
     *
     * @param onPrimaryNode whether programs of strangers may run there
     * @param executionRole ARN of the runtime role of who names none; {@code null} for the cluster's instance profile
     * @param python that all jobs run with by the settings; {@code null} for the cluster's own
     * @param ordered what its clusters will be like; {@code null} where they are not made to order
     */
    record Target(
            ClusterChoice choice,
            boolean onPrimaryNode,
            @Nullable String executionRole,
            @Nullable String python,
            @Nullable Ordered ordered) {}

    /**
     * A cluster that is not there yet.
     *
     * @param release its label
     * @param instanceTypes among which EMR chooses its primary node
     * @param python its version; {@code null} for the release's own
     * @param packages of Python that all nodes are prepared with
     */
    record Ordered(
            String release,
            List<String> instanceTypes,
            @Nullable String python,
            List<String> packages) {
        public Ordered {
            instanceTypes = List.copyOf(instanceTypes);
            packages = List.copyOf(packages);
        }

        /** As Linux names it; empty where the template leaves it open. */
        public Optional<String> architecture() {
            return Architectures.common(instanceTypes);
        }
    }
}
