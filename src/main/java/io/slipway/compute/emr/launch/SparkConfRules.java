package io.slipway.compute.emr.launch;

import io.slipway.compute.emr.client.Glob;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.LaunchPlan;
import io.slipway.project.SparkResource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which Spark settings a job cannot have, on any cluster or on this one. */
final class SparkConfRules {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+");

    /** What no cluster's settings can allow, as patterns, and why. */
    private static final Map<String, String> OURS = new LinkedHashMap<>();

    static {
        OURS.put("spark.master", "the cluster's YARN runs every job");
        OURS.put("spark.submit.deployMode", "it is chosen by mode");
        OURS.put("spark.yarn.tags", "the tag is how the job's YARN application is found again");
        OURS.put("spark.yarn.submit.waitAppCompletion", "the step would end before the job does");
        OURS.put("spark.yarn.unmanagedAM.enabled", "the driver would not run on the cluster");
        OURS.put("*.YARN_CONTAINER_RUNTIME_*", "images and mounts are chosen by mode container");
        OURS.put("spark.ssl.*", "keys and certificates are the cluster's own");
        OURS.put("*keyStore*", "keys and certificates are the cluster's own");
        OURS.put("*trustStore*", "keys and certificates are the cluster's own");
        OURS.put("*keytab*", "keys and certificates are the cluster's own");
    }

    private SparkConfRules() {}

    static List<Detail> objections(LaunchPlan plan, JobRules rules) {
        List<Detail> objections = new ArrayList<>();
        plan.sparkConf()
                .keySet()
                .forEach(key -> named(key)
                        .flatMap(name -> objection(plan.fieldOf(key), name, rules).stream())
                        .findFirst()
                        .ifPresent(objections::add));
        return objections;
    }

    /** A rule on one of several settings that mean the same is one on all of them. */
    private static Stream<String> named(String key) {
        return Stream.concat(
                Stream.of(key),
                Arrays.stream(SparkResource.values())
                        .filter(resource -> resource.setting().equals(key))
                        .flatMap(resource -> resource.synonym().stream()));
    }

    private static Optional<Detail> objection(String at, String key, JobRules rules) {
        for (Map.Entry<String, String> rule : OURS.entrySet()) {
            if (Glob.matches(rule.getKey(), key)) {
                return Optional.of(new Detail(at, key + " cannot be set by a job: " + rule.getValue() + "."));
            }
        }
        Optional<String> denied = rules.deniedSparkConf().stream()
                .filter(pattern -> Glob.matches(pattern, key))
                .findFirst();
        if (denied.isPresent()) {
            return Optional.of(new Detail(
                    at,
                    key + " cannot be set by a job on this cluster (jobs.denied-spark-conf: " + denied.get() + ")."));
        }
        return KEY.matcher(key).matches()
                ? Optional.empty()
                : Optional.of(new Detail(at, "A Spark setting is of letters, digits and . _ -, not " + key + "."));
    }
}
