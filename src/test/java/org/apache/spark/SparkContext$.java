package org.apache.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Of Spark, as far as the live channel meets it: a context is active while the folder {@code fake.home} has a file {@code spark}. */
@SuppressWarnings({"checkstyle:TypeName", "TypeName"})
public final class SparkContext$ {

    public static final SparkContext$ MODULE$ = new SparkContext$();

    public SparkContext$ getActive() {
        return this;
    }

    public boolean isLocal() {
        return Files.exists(Path.of(System.getProperty("fake.home"), "local"));
    }

    public boolean isDefined() {
        return Files.exists(Path.of(System.getProperty("fake.home"), "spark"));
    }

    public SparkContext$ get() {
        return this;
    }

    public String applicationId() {
        return "application_1_0001";
    }

    public Map<String, String> getExecutorMemoryStatus() {
        return Map.of("driver", "", "executor 1", "", "executor 2", "");
    }
}
