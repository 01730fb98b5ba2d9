package org.apache.spark.api.java;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkContext$;

/** Of Spark, as far as the live channel meets it: one job with one stage. */
public final class JavaSparkContext {

    public static JavaSparkContext fromSparkContext(SparkContext$ context) {
        return new JavaSparkContext();
    }

    public JavaSparkContext statusTracker() {
        return this;
    }

    public int[] getActiveStageIds() {
        return new int[] {8, 7};
    }

    public int[] getActiveJobIds() {
        return new int[] {3};
    }

    /** {@code null} as for a stage that has just ended. */
    public Stage getStageInfo(int id) {
        return id == 8 ? null : new Stage();
    }

    /** Spark's own has the same methods. */
    public static final class Stage {

        /** The program's path is in the file that says that there is a context. */
        public String name() throws IOException {
            return "count at " + Files.readString(Path.of(System.getProperty("fake.home"), "spark")) + ":10";
        }

        public int numTasks() {
            return 200;
        }

        public int numActiveTasks() {
            return 4;
        }

        public int numCompletedTasks() {
            return 120;
        }

        public int numFailedTasks() {
            return 1;
        }
    }
}
