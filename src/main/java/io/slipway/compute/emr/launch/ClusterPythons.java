package io.slipway.compute.emr.launch;

import io.slipway.compute.emr.client.Release;
import io.slipway.project.ClusterPython;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which Python a plan's program gets: the one that a setting names, else the one that the cluster's release calls python3. */
final class ClusterPythons {

    private static final List<String> SETTINGS = List.of(
            "spark.pyspark.driver.python",
            "spark.pyspark.python",
            "spark.yarn.appMasterEnv.PYSPARK_DRIVER_PYTHON",
            "spark.yarn.appMasterEnv.PYSPARK_PYTHON");

    private static final List<String> VARIABLES = List.of("PYSPARK_DRIVER_PYTHON", "PYSPARK_PYTHON");

    private static final Pattern VERSIONED = Pattern.compile("(?:.*/)?python(\\d)\\.(\\d{1,2})");

    private static final Pattern VERSION = Pattern.compile("(\\d)\\.(\\d{1,2})(?:\\.\\d+)?");

    private static final String ENVIRONMENT = "Send a pythonEnvironment that brings a newer Python.";

    private ClusterPythons() {}

    /** @param prepared the version that the clusters of a template are prepared with */
    static Optional<ClusterPython> of(
            LaunchPlan plan, JobRules rules, Optional<String> prepared, Optional<Release> release) {
        Launch launch = plan.launch();
        if (launch.python().environment() != null || launch.container() != null) {
            return Optional.empty();
        }
        Optional<String> named = named(plan, rules);
        return named.isPresent()
                ? named.flatMap(path -> of(
                        VERSIONED.matcher(path),
                        "the job's setting of PySpark's Python",
                        "Name a newer Python that the cluster has, or send a pythonEnvironment that brings its own."))
                : prepared.flatMap(version -> of(
                                VERSION.matcher(version),
                                "the cluster's template",
                                "Set a newer python.version in the template, or send a pythonEnvironment that"
                                        + " brings its own."))
                        .or(() -> release.flatMap(ClusterPythons::ofRelease));
    }

    private static Optional<String> named(LaunchPlan plan, JobRules rules) {
        Stream<String> settings = Stream.of(plan.sparkConf(), rules.sparkConf())
                .flatMap(conf -> SETTINGS.stream().flatMap(key -> value(conf, key)));
        return Stream.concat(settings, VARIABLES.stream().flatMap(name -> value(plan.environment(), name)))
                .findFirst();
    }

    private static Stream<String> value(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key)).stream();
    }

    /** Empty for what does not say its version. */
    private static Optional<ClusterPython> of(Matcher version, String origin, String wayOut) {
        return version.matches()
                ? Optional.of(new ClusterPython(
                        Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)), origin, wayOut))
                : Optional.empty();
    }

    /** As AWS's release guide lists python3, up to emr-7.14 and emr-spark-8.0.0; what follows is not guessed. */
    private static Optional<ClusterPython> ofRelease(Release release) {
        if (release.isBefore(5, 20)) {
            return python(release, 4, ENVIRONMENT);
        }
        if (release.isBefore(5, 30)) {
            return python(release, 6, ENVIRONMENT);
        }
        if (release.isBefore(7, 0)) {
            return python(release, 7, ENVIRONMENT);
        }
        if (release.isBefore(7, 1)) {
            return python(release, 9, ENVIRONMENT);
        }
        if (release.isBefore(8, 0)) {
            return python(
                    release,
                    9,
                    "Set spark.pyspark.python=/usr/bin/python3.11 in sparkConf, since the release has that one, too;"
                            + " or send a pythonEnvironment that brings a newer one.");
        }
        return release.isBefore(8, 1) ? python(release, 11, ENVIRONMENT) : Optional.empty();
    }

    private static Optional<ClusterPython> python(Release release, int minor, String wayOut) {
        return Optional.of(new ClusterPython(3, minor, "the cluster's release " + release.label(), wayOut));
    }
}
