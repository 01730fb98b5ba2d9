package io.slipway.compute.emr.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of one spark-submit, gathered from a cluster's defaults, a job's wishes and what the launch itself needs. */
final class SparkSubmit {

    private final String deployMode;
    private final String name;
    private final Map<String, String> conf = new LinkedHashMap<>();
    private final List<String> pyFiles = new ArrayList<>();
    private final List<String> archives = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    SparkSubmit(String deployMode, String name) {
        this.deployMode = deployMode;
        this.name = name;
    }

    SparkSubmit conf(Map<String, String> more) {
        conf.putAll(more);
        return this;
    }

    SparkSubmit conf(String key, String value) {
        conf.put(key, value);
        return this;
    }

    SparkSubmit confUnlessSet(String key, String value) {
        conf.putIfAbsent(key, value);
        return this;
    }

    /** Puts a path before what the job has there: Spark itself puts both before its own. */
    SparkSubmit pythonPath(String variable, List<String> folders) {
        if (!folders.isEmpty()) {
            conf.merge(variable, String.join(":", folders), (theirs, ours) -> joined(ours, theirs, ":"));
        }
        return this;
    }

    SparkSubmit pyFile(Object uri) {
        pyFiles.add(uri.toString());
        return this;
    }

    SparkSubmit archive(Object uri, String alias) {
        archives.add(uri + "#" + alias);
        return this;
    }

    /** @param uri with {@code #path} for another name than its own */
    SparkSubmit file(Object uri) {
        files.add(uri.toString());
        return this;
    }

    List<String> options() {
        // spark-submit forgets these settings when it is given the options of the same meaning.
        String allPyFiles = joined(String.join(",", pyFiles), conf.remove("spark.submit.pyFiles"), ",");
        String allArchives = joined(String.join(",", archives), conf.remove("spark.archives"), ",");
        String allFiles = joined(String.join(",", files), conf.remove("spark.files"), ",");
        List<String> options = new ArrayList<>(List.of("--deploy-mode", deployMode, "--name", name));
        option("--py-files", allPyFiles, options);
        option("--archives", allArchives, options);
        option("--files", allFiles, options);
        conf.forEach((key, value) -> options.addAll(List.of("--conf", key + "=" + value)));
        return options;
    }

    private static void option(String name, String value, List<String> options) {
        if (!value.isEmpty()) {
            options.addAll(List.of(name, value));
        }
    }

    private static String joined(String ours, @Nullable String theirs, String separator) {
        if (theirs == null || theirs.isBlank()) {
            return ours;
        }
        return ours.isEmpty() ? theirs : ours + separator + theirs;
    }
}
