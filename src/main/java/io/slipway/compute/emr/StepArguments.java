package io.slipway.compute.emr;

import io.slipway.project.LaunchPlan;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a plan is spelled as {@code command-runner.jar}'s arguments: one {@code spark-submit} in cluster mode which ships the whole
 * project as an archive and starts it by the launcher. Nothing of a job's own arguments or environment is here: EMR shows a step's
 * arguments to everybody and YARN's shell rewrites them.
 */
final class StepArguments {

    static final String JAR = "command-runner.jar";

    /** EMR's limit for the strings of one step, in characters. */
    static final int LONGEST = 10_240;

    /** What the unpacked project is called in each container. The hyphen keeps it from hiding, or being, anybody's package. */
    static final String ALIAS = "slipway-project";

    private StepArguments() {}

    /**
     * Where the things are that a step reads. Their base names differ from each other: Spark silently drops the second of two.
     *
     * @param launchFile entry point, arguments and environment, as {@link LaunchFile} writes them
     */
    record Staged(URI launcher, URI project, URI launchFile) {}

    static List<String> of(LaunchPlan plan, String jobName, String submissionKey, Staged staged) {
        Map<String, String> conf = new LinkedHashMap<>();
        // A driver that YARN starts a second time would be a second run.
        conf.put("spark.yarn.maxAppAttempts", "1");
        conf.putAll(plan.sparkConf());
        // spark-submit forgets these two settings when it is given the options of the same meaning.
        String archives = joined(staged.project() + "#" + ALIAS, conf.remove("spark.archives"), ",");
        String files = joined(staged.launchFile().toString(), conf.remove("spark.files"), ",");
        conf.merge("spark.executorEnv.PYTHONPATH", pythonPath(plan), (theirs, ours) -> joined(ours, theirs, ":"));
        conf.put("spark.yarn.tags", submissionKey);

        List<String> arguments = new ArrayList<>(List.of("spark-submit", "--deploy-mode", "cluster"));
        arguments.addAll(List.of("--name", StepName.ofApplication(jobName, submissionKey)));
        arguments.addAll(List.of("--archives", archives));
        arguments.addAll(List.of("--files", files));
        conf.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
        arguments.addAll(List.of(staged.launcher().toString(), ALIAS, baseName(staged.launchFile())));
        return arguments;
    }

    static int length(List<String> arguments) {
        return JAR.length() + arguments.stream().mapToInt(String::length).sum();
    }

    /** The folder of a path in the project; empty for the root. */
    static String folderOf(String entryPoint) {
        return entryPoint.substring(0, Math.max(0, entryPoint.lastIndexOf('/')));
    }

    /** Lets the executors import what the driver imported: from the project's root and from beside the entry point. */
    private static String pythonPath(LaunchPlan plan) {
        String folder = folderOf(plan.entryPoint());
        return folder.isEmpty() ? ALIAS : ALIAS + ":" + ALIAS + "/" + folder;
    }

    private static String joined(String ours, @Nullable String theirs, String separator) {
        return theirs == null || theirs.isBlank() ? ours : ours + separator + theirs;
    }

    private static String baseName(URI uri) {
        return uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
    }
}
