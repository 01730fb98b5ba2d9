package io.slipway.project;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a project is started: in which form it travels, where its driver runs, and in which Python.
 *
 * @param container {@code null} unless the mode is {@link Mode#CONTAINER}
 * @param executionRole ARN of the IAM role that the run has on the cluster; {@code null} means the cluster's default
 */
public record Launch(
        Layout layout,
        Mode mode,
        @Nullable Container container,
        Python python,
        @Nullable String executionRole,
        FailOn failOn) {

    public static final Launch DEFAULT =
            new Launch(Layout.UNCHANGED, Mode.CLUSTER, null, Python.OF_THE_CLUSTER, null, FailOn.NEVER);

    // Rows that were written before a field existed do not name it.
    @SuppressWarnings("NullAway")
    public Launch {
        layout = Objects.requireNonNullElse(layout, Layout.UNCHANGED);
        mode = Objects.requireNonNullElse(mode, Mode.CLUSTER);
        python = Objects.requireNonNullElse(python, Python.OF_THE_CLUSTER);
        failOn = Objects.requireNonNullElse(failOn, FailOn.NEVER);
    }

    /** In which form the project travels. */
    public enum Layout {
        /** As one archive, started by a launcher inside a writable copy: the project finds itself as on a laptop. */
        UNCHANGED,
        /** As spark-submit's own forms: entry file, {@code --py-files}, {@code --files}. */
        SPLIT
    }

    /** Where the driver runs. */
    public enum Mode {
        /** In a YARN container of its own. */
        CLUSTER,
        /** On the cluster's primary node. */
        CLIENT,
        /** In a Docker image. */
        CONTAINER
    }

    /** Which findings of the plan refuse the job. */
    public enum FailOn {
        NEVER,
        WARNING
    }

    /** @param image as Docker names it, with its registry */
    public record Container(String image) {}

    /**
     * @param path folders and wheels of the project, from its root, from which modules can be imported, too
     * @param environment URI of a packed environment, or {@code sha256:<id>} of one in the artifact store; {@code null} for the
     *     cluster's own Python
     */
    public record Python(List<String> path, @Nullable String environment) {

        private static final Pattern STORED = Pattern.compile("sha256:([0-9a-f]{64})");

        static final Python OF_THE_CLUSTER = new Python(List.of(), null);

        @SuppressWarnings("NullAway")
        public Python {
            path = List.copyOf(Objects.requireNonNullElse(path, List.of()));
        }

        /** The id of the environment, when it is in the artifact store. */
        public Optional<String> storedEnvironment() {
            return Optional.ofNullable(environment).flatMap(Python::idOf);
        }

        /** The id's digits, when a spec names an environment that was sent and not the URI of one. */
        public static Optional<String> idOf(String environment) {
            Matcher id = STORED.matcher(environment);
            return id.matches() ? Optional.of(id.group(1)) : Optional.empty();
        }
    }
}
