package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.project.LaunchPlan;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which file of the project a path on a cluster's node is, by the folders that the launcher and YARN put it into. What Spark and the
 * environment bring lies beside it and is none of the project's.
 */
public final class ProjectPaths {

    /** The driver's copy, the archive beside it that executors read, and the folder of a program on the primary node. */
    private static final Pattern UNCHANGED =
            Pattern.compile(".*/(?:slipway-work|" + StepArguments.ALIAS + "|slipway-[a-z0-9_]{8}/project)/(.+)");

    private static final Pattern CONTAINER = Pattern.compile(".*/container_(?:e\\d+_)?\\d+_\\d+_\\d+_\\d+/(.+)");

    /** Of libraries, wherever they are, and our own programs. */
    private static final Pattern FOREIGN =
            Pattern.compile("(?:.*/)?(?:site-packages|dist-packages|pyspark\\.zip|py4j-[^/]*\\.zip|environment)/.*|"
                    + "slipway_[a-z_]+_[0-9a-f]{16}(?:\\.py|\\.zip/.*)");

    private ProjectPaths() {}

    public static Optional<String> of(String path, LaunchPlan plan) {
        String zip = ArtifactName.project(plan.projectId()).fileName() + "/";
        return Stream.of(UNCHANGED, CONTAINER)
                .map(pattern -> pattern.matcher(path))
                .filter(Matcher::matches)
                .findFirst()
                .map(match -> match.group(1))
                // Of a program that was started by a path below its working directory, which is the project.
                .or(() -> path.startsWith("/") ? Optional.empty() : Optional.of(path))
                .map(inside -> inside.startsWith(zip) ? inside.substring(zip.length()) : inside)
                .filter(inside -> inside.endsWith(".py") && !inside.startsWith("<"))
                .filter(inside -> !FOREIGN.matcher(inside).matches())
                .map(inside -> isSplitEntry(inside, plan) ? plan.entryPoint() : inside);
    }

    /** The entry point of a split project travels by itself, under a name of its own. */
    private static boolean isSplitEntry(String inside, LaunchPlan plan) {
        return !inside.contains("/") && inside.matches(plan.projectId().value().substring(0, 32) + "_\\d+_.+");
    }
}
