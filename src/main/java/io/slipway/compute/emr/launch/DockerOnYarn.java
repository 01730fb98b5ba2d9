package io.slipway.compute.emr.launch;

import io.slipway.compute.JobRules;
import io.slipway.compute.JobRules.Container.Runtime;
import io.slipway.compute.emr.client.Release;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch.Container;
import io.slipway.project.LaunchPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings by which YARN starts driver and executors in an image (EMR 6.1 and later), and what is against them. */
final class DockerOnYarn {

    private static final List<String> CONTAINERS = List.of("spark.executorEnv.", "spark.yarn.appMasterEnv.");
    private static final String RUNTIME = "YARN_CONTAINER_RUNTIME_";

    private DockerOnYarn() {}

    /** Empty where no image is asked for, or the primary node starts it. */
    static Optional<String> image(LaunchPlan plan, JobRules rules) {
        return rules.container().runtime() == Runtime.YARN
                ? Optional.ofNullable(plan.launch().container()).map(Container::image)
                : Optional.empty();
    }

    static Optional<Detail> objection(LaunchPlan plan, JobRules rules, Optional<Release> release) {
        return image(plan, rules)
                .flatMap(image -> release)
                .filter(one -> one.isBefore(6, 1))
                .map(old -> new Detail(
                        "mode",
                        "Mode container needs EMR 6.1 or later, where YARN runs images, and the cluster is "
                                + old.label()
                                + ". Use a newer cluster, or mode cluster; whoever runs the service can set"
                                + " jobs.container.runtime of this one to primary-node."));
    }

    /** What is not known is not held against anybody: the cluster is looked at before anything starts on it. */
    static Optional<Finding> finding(LaunchPlan plan, JobRules rules, Optional<Release> release) {
        return image(plan, rules)
                .filter(image -> release.isEmpty())
                .map(image -> new Finding(
                        "release-not-seen",
                        Finding.Severity.INFO,
                        null,
                        null,
                        "Mode container needs EMR 6.1 or later, and the cluster's release has not been seen here.",
                        "On such a release nothing is to be done; on an older one use mode cluster."));
    }

    static Map<String, String> conf(String image, List<String> mounts) {
        Map<String, String> conf = new LinkedHashMap<>();
        for (String prefix : CONTAINERS) {
            conf.put(prefix + RUNTIME + "TYPE", "docker");
            conf.put(prefix + RUNTIME + "DOCKER_IMAGE", image);
            if (!mounts.isEmpty()) {
                conf.put(prefix + RUNTIME + "DOCKER_MOUNTS", String.join(",", mounts));
            }
        }
        return conf;
    }
}
