package io.slipway.compute.emr.launch;

import io.slipway.project.Finding;
import io.slipway.project.LaunchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Relative paths in a job's Spark settings, which mean other files there than in its sources. */
final class RelativePaths {

    private static final Set<String> CHECKPOINTS =
            Set.of("spark.checkpoint.dir", "spark.sql.streaming.checkpointLocation");

    private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z][A-Za-z0-9+.-]*:.*");

    private RelativePaths() {}

    static List<Finding> findings(LaunchPlan plan) {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, String> setting : plan.sparkConf().entrySet()) {
            String key = setting.getKey();
            if (CHECKPOINTS.contains(key)) {
                relative(setting.getValue()).map(path -> checkpoint(key, path)).forEach(findings::add);
            }
        }
        return findings;
    }

    private static Stream<String> relative(String paths) {
        return Stream.of(paths.split(","))
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
