package io.slipway.project.analysis;

import io.slipway.project.Finding;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import io.slipway.project.Printable;
import io.slipway.project.ProjectFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the list of a project's files and the spec tell, without a look into any file. */
public final class PlanFindings {

    private static final Set<String> TESTS = Set.of("test", "tests", "testing");
    private static final String OLD_ARROW = "spark.sql.execution.arrow.enabled";

    private static final String SPARK = "spark.";

    /** Settings of Hadoop, which Spark hands on under a name of its own. */
    private static final List<String> HADOOP = List.of("fs.", "dfs.", "mapreduce.", "mapred.", "yarn.");

    private PlanFindings() {}

    public static List<Finding> of(LaunchPlan plan, List<ProjectFile> files) {
        List<Finding> findings = new ArrayList<>();
        entryUnderTests(plan).ifPresent(findings::add);
        if (plan.launch().layout() == Launch.Layout.SPLIT) {
            files.stream()
                    .map(ProjectFile::path)
                    .filter(path -> path.endsWith(".so"))
                    .limit(Finding.MOST + 1)
                    .forEach(path -> findings.add(Finding.warning(
                            "native-in-zip",
                            path,
                            "In layout split packages are imported from a zip, from which Python loads no compiled"
                                    + " modules.",
                            "Use layout unchanged, where the project is unpacked.")));
        }
        plan.launch().python().path().stream()
                .filter(path -> path.endsWith(".whl") && !path.endsWith("-none-any.whl"))
                .forEach(path -> findings.add(Finding.warning(
                        "native-in-zip",
                        path,
                        "Python loads no compiled modules from a wheel that is not installed.",
                        "Unpack it into a folder of the project and name that in pythonPath, or send a"
                                + " pythonEnvironment.")));
        if (plan.sparkConf().containsKey(OLD_ARROW)) {
            findings.add(Finding.warning(
                    "arrow-setting",
                    null,
                    "sparkConf: " + OLD_ARROW + " is deprecated since Spark 3.0.",
                    "Use spark.sql.execution.arrow.pyspark.enabled."));
        }
        plan.sparkConf().keySet().stream()
                .filter(key -> !key.startsWith(SPARK))
                .map(PlanFindings::noSparkSetting)
                .forEach(findings::add);
        return findings;
    }

    private static Finding noSparkSetting(String key) {
        boolean hadoop = HADOOP.stream().anyMatch(key::startsWith);
        return Finding.warning(
                "spark-prefix",
                null,
                "sparkConf: spark-submit passes over " + Printable.of(key)
                        + ", since a setting of Spark begins with spark.",
                "Write " + SPARK + (hadoop ? "hadoop." : "") + Printable.of(key) + ".");
    }

    private static Optional<Finding> entryUnderTests(LaunchPlan plan) {
        String path = plan.entry().isModule()
                ? plan.entry().module().replace('.', '/')
                : plan.entry().file();
        boolean tests = List.of(path.split("/")).stream().anyMatch(TESTS::contains)
                || path.substring(path.lastIndexOf('/') + 1).startsWith("test_");
        return tests
                ? Optional.of(Finding.warning(
                        "entry-is-a-test",
                        plan.entry().isModule() ? null : path,
                        "The entry point looks like a test.",
                        "Name the program itself as entryPoint."))
                : Optional.empty();
    }
}
