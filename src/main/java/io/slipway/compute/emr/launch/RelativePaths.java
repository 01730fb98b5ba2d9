package io.slipway.compute.emr.launch;

import io.slipway.project.Finding;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import io.slipway.project.Printable;
import io.slipway.project.ProjectFile;
import io.slipway.project.analysis.SparkFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Relative paths in a job's Spark settings, which mean other files there than in its sources. */
final class RelativePaths {

    private static final Set<String> CHECKPOINTS =
            Set.of("spark.checkpoint.dir", "spark.sql.streaming.checkpointLocation");

    /** Lists of jars and folders that the Java virtual machines of driver and executors look for in their working folder. */
    private static final Set<String> CLASS_PATHS =
            Set.of("spark.driver.extraClassPath", "spark.executor.extraClassPath");

    private static final Set<String> JAVA_OPTIONS =
            Set.of("spark.driver.extraJavaOptions", "spark.executor.extraJavaOptions");

    /** {@code -Dname=value}, where the value may be a file. */
    private static final Pattern PROPERTY = Pattern.compile("-D[^=\\s]+=(?:file:)?([^\\s\"']+)");

    private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z][A-Za-z0-9+.-]*:.*");

    private RelativePaths() {}

    static List<Finding> findings(LaunchPlan plan, List<ProjectFile> project) {
        List<Finding> findings = new ArrayList<>();
        Set<String> landings = SparkFiles.of(plan).all().stream()
                .map(SparkFiles.Named::landing)
                .collect(Collectors.toSet());
        for (Map.Entry<String, String> setting : plan.sparkConf().entrySet()) {
            String key = setting.getKey();
            if (CHECKPOINTS.contains(key)) {
                relative(setting.getValue(), ",")
                        .map(path -> checkpoint(key, path))
                        .forEach(findings::add);
            } else if (CLASS_PATHS.contains(key) && isBeside(key, plan)) {
                relative(setting.getValue(), ":")
                        .filter(path -> isOfProject(path, project) && !landings.contains(path))
                        .map(path -> notThere(key, path, "jars"))
                        .forEach(findings::add);
            } else if (JAVA_OPTIONS.contains(key) && isBeside(key, plan)) {
                PROPERTY.matcher(setting.getValue())
                        .results()
                        .map(found -> found.group(1))
                        .filter(path -> isOfProject(path, project) && !landings.contains(path))
                        .map(path -> notThere(key, path, "files"))
                        .forEach(findings::add);
            }
        }
        return findings;
    }

    /** Whether the working folder is another than the project: that of a driver on the primary node is the project itself. */
    private static boolean isBeside(String key, LaunchPlan plan) {
        return !key.startsWith("spark.driver") || plan.launch().mode() == Launch.Mode.CLUSTER;
    }

    /** Whether it is a file of the project, or a folder or all of its files. */
    private static boolean isOfProject(String path, List<ProjectFile> project) {
        String plain = path.startsWith("./") ? path.substring(2) : path;
        String folder = plain.replaceFirst("/?\\*?$", "/");
        return project.stream().map(ProjectFile::path).anyMatch(file -> file.equals(plain) || file.startsWith(folder));
    }

    private static Finding notThere(String key, String path, String field) {
        String what = "sparkConf: " + key + " names " + Printable.of(path) + " of the project, which is not there:"
                + " Java looks in the working folder of driver and executors, beside the project.";
        return Finding.warning(
                "relative-java-path",
                null,
                what,
                field.equals("jars")
                        ? "Name the jars in the field jars instead, which puts them on both class paths."
                        : "Name the file in the field files, which puts it into that folder, and here by its name alone.");
    }

    private static Stream<String> relative(String paths, String separator) {
        return Stream.of(paths.split(separator))
                .map(String::strip)
                .filter(path -> !path.isEmpty() && !ABSOLUTE.matcher(path).matches());
    }

    private static Finding checkpoint(String key, String path) {
        return Finding.warning(
                "relative-checkpoint",
                null,
                "sparkConf: " + key + " names " + path
                        + ", which lies in the home of the cluster's user in HDFS and is shared by all runs.",
                "Name an s3:// URI of the job's own.");
    }
}
