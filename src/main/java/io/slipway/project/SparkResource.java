package io.slipway.project;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Spark brings to a run besides the project; each is a list, a field of the spec and a setting of Spark. */
public enum SparkResource {
    /** For the class path of driver and executors. */
    JARS("spark.jars", "spark.yarn.dist.jars"),
    /** For the working folder of driver and executors. */
    FILES("spark.files", "spark.yarn.dist.files"),
    /** Zips, eggs and modules for the Python path of driver and executors. */
    PY_FILES("spark.submit.pyFiles"),
    /** Unpacked into the working folder of driver and executors. */
    ARCHIVES("spark.archives", "spark.yarn.dist.archives"),
    /** Maven coordinates of libraries, which spark-submit loads where it runs. */
    PACKAGES("spark.jars.packages"),
    /** Further Maven repositories in which packages are looked for. */
    REPOSITORIES("spark.jars.repositories");

    private final String setting;
    private final @Nullable String synonym;

    SparkResource(String setting) {
        this(setting, null);
    }

    SparkResource(String setting, @Nullable String synonym) {
        this.setting = setting;
        this.synonym = synonym;
    }

    /** The Spark setting of the same meaning. */
    public String setting() {
        return setting;
    }

    /** Another setting that means the same wherever Slipway starts Spark: spark-submit joins it with its own (SparkSubmit, {@code mergeFileLists}). */
    public Optional<String> synonym() {
        return Optional.ofNullable(synonym);
    }

    /** Whether its items are files, and a relative path so a file of the project. */
    public boolean isOfFiles() {
        return this != PACKAGES && this != REPOSITORIES;
    }

    /** The spec's field. */
    public String field() {
        StringBuilder field = new StringBuilder();
        for (String word : name().split("_", -1)) {
            String small = word.toLowerCase(Locale.ROOT);
            field.append(field.isEmpty() ? small : word.charAt(0) + small.substring(1));
        }
        return field.toString();
    }
}
