package io.slipway.compute.emr;

import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.LaunchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a plan may not ask for, because the run could then not be started, followed or stopped. */
final class SparkConfRules {

    private static final Pattern KEY = Pattern.compile("spark\\.[A-Za-z0-9._-]+");

    private static final Map<String, String> OURS = Map.of(
            "spark.master", "the cluster's YARN runs every job",
            "spark.submit.deployMode", "every job is started in cluster mode",
            "spark.yarn.tags", "the tag is how the job's YARN application is found again",
            "spark.yarn.submit.waitAppCompletion", "the step would end before the job does",
            "spark.yarn.unmanagedAM.enabled", "the driver would not run on the cluster");

    // The folder becomes part of an environment variable, which YARN writes into a shell script.
    private static final Pattern UNSAFE_FOLDER = Pattern.compile("[:$`\"\\\\{}<>\\p{Cntrl}]");

    private SparkConfRules() {}

    /** One line for each thing at fault; empty for a plan that can be started. */
    static List<Detail> objections(LaunchPlan plan) {
        List<Detail> objections = new ArrayList<>();
        plan.sparkConf().keySet().forEach(key -> {
            String why = OURS.get(key);
            if (why != null) {
                objections.add(new Detail("sparkConf." + key, key + " cannot be set by a job: " + why + "."));
            } else if (!KEY.matcher(key).matches()) {
                objections.add(new Detail("sparkConf." + key, "A Spark setting is named spark.…, not " + key + "."));
            }
        });
        if (UNSAFE_FOLDER.matcher(StepArguments.folderOf(plan.entryPoint())).find()) {
            objections.add(new Detail(
                    "entryPoint",
                    "The folder of " + plan.entryPoint() + " has a character that YARN's start script would change"
                            + " (one of : $ ` \" \\ { } < >). Rename the folder."));
        }
        return objections;
    }
}
