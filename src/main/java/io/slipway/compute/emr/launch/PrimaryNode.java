package io.slipway.compute.emr.launch;

import io.slipway.jobs.SubmissionKey;
import io.slipway.project.Launch.Container;
import io.slipway.project.Launch.Layout;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code primary_node.py} reads of {@code launch.json}.
 *
 * @param live the program that shows what is printed while it is; {@code null} for none
 * @param sparkSubmit the options of spark-submit
 * @param environmentArchive a packed Python environment, for the driver; its executors get it by spark-submit
 * @param container {@code null} where spark-submit runs on the node itself
 */
record PrimaryNode(
        SubmissionKey submissionKey,
        URI project,
        URI launcher,
        @Nullable URI live,
        List<String> sparkSubmit,
        @Nullable String environmentArchive,
        @Nullable Image container) {

    private static final String PROGRAM = "slipway_primary_node.py";

    /** What no shell has a meaning for: the command below is the only text of ours that one ever reads. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9:/._=+@-]+");

    record Image(String image, List<String> mounts) {}

    static PrimaryNode of(StepArguments step, StepFiles files, JobRules rules) {
        Container container = files.plan().launch().container();
        return new PrimaryNode(
                files.submissionKey(),
                files.project(),
                files.launcher(),
                rules.live() && files.plan().launch().layout() == Layout.UNCHANGED ? files.liveProgram() : null,
                step.submitOptions(),
                files.environment().orElse(null),
                container == null
                        ? null
                        : new Image(container.image(), rules.container().mounts()));
    }

    /** @param quotedAgain as command-runner needs it under a runtime role */
    static List<String> arguments(StepFiles files, boolean quotedAgain) {
        String command = "aws s3 cp --only-show-errors " + plain(files.primaryNode()) + " " + PROGRAM
                + " && exec python3 " + PROGRAM + " " + plain(files.launchFile());
        return List.of("bash", "-c", quotedAgain ? "\"" + command + "\"" : command);
    }

    private static String plain(URI uri) {
        String text = uri.toString();
        if (!PLAIN.matcher(text).matches()) {
            throw new IllegalStateException(
                    "slipway.artifacts.s3.bucket and prefix must be of letters, digits and . _ = + @ - /: " + text);
        }
        return text;
    }
}
