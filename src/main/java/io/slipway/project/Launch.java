package io.slipway.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a project is started: in which form it travels, where its driver runs, and in which Python.
 *
 * @param container {@code null} unless the mode is {@link Mode#CONTAINER}
 * @param resources only those that are wanted; no list is empty
 * @param showing {@code null} for what holds where nothing was said
 * @param executionRole ARN of the IAM role that the run has on the cluster; {@code null} means the cluster's default
 */
public record Launch(
        Layout layout,
        Mode mode,
        @Nullable Container container,
        Python python,
        @Nullable String executionRole,
        FailOn failOn,
        // A wish that says nothing of them has the fingerprint that it had before there was the field.
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<SparkResource, List<String>> resources,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Showing showing) {

    public static final Launch DEFAULT =
            new Launch(Layout.UNCHANGED, Mode.CLUSTER, null, Python.OF_THE_CLUSTER, null, FailOn.NEVER);

    // Rows that were written before a field existed do not name it.
    @SuppressWarnings("NullAway")
    public Launch {
        layout = Objects.requireNonNullElse(layout, Layout.UNCHANGED);
        mode = Objects.requireNonNullElse(mode, Mode.CLUSTER);
        python = Objects.requireNonNullElse(python, Python.OF_THE_CLUSTER);
        failOn = Objects.requireNonNullElse(failOn, FailOn.NEVER);
        resources = wanted(Objects.requireNonNullElse(resources, Map.of()));
    }

    /** With nothing but the project. */
    public Launch(
            Layout layout,
            Mode mode,
            @Nullable Container container,
            Python python,
            @Nullable String executionRole,
            FailOn failOn) {
        this(layout, mode, container, python, executionRole, failOn, Map.of(), null);
    }

    /** Whether the driver shows what it prints while it runs, where its cluster has that on. */
    public boolean isShownLive() {
        return showing == null || showing.live();
    }

    /** Whether something of ours runs beside the program, which can tell that it has ended. */
    public boolean reportsItsEnd() {
        return layout == Layout.UNCHANGED && isShownLive();
    }

    /** Which files of the working folder are kept at the end, as patterns of their paths. */
    public List<String> results() {
        return showing == null ? List.of() : showing.results();
    }

    /** Shown and kept as where nothing was said. */
    public Launch(
            Layout layout,
            Mode mode,
            @Nullable Container container,
            Python python,
            @Nullable String executionRole,
            FailOn failOn,
            Map<SparkResource, List<String>> resources) {
        this(layout, mode, container, python, executionRole, failOn, resources, null);
    }

    private static Map<SparkResource, List<String>> wanted(Map<SparkResource, List<String>> resources) {
        Map<SparkResource, List<String>> wanted = new EnumMap<>(SparkResource.class);
        resources.forEach((resource, items) -> {
            if (!items.isEmpty()) {
                wanted.put(resource, List.copyOf(items));
            }
        });
        return Collections.unmodifiableMap(wanted);
    }

    /** The same in another Python. */
    public Launch with(Python other) {
        return new Launch(layout, mode, container, other, executionRole, failOn, resources, showing);
    }

    /** The same with other names for the files and folders of the project; a folder with an empty name is the project's root. */
    Launch naming(UnaryOperator<String> names) {
        Map<SparkResource, List<String>> named = new EnumMap<>(SparkResource.class);
        resources.forEach((resource, items) -> named.put(
                resource,
                resource.isOfFiles()
                        ? items.stream().map(item -> renamed(item, names)).toList()
                        : items));
        return new Launch(layout, mode, container, python.naming(names), executionRole, failOn, named, showing);
    }

    /** The alias behind a {@code #} stays. */
    private static String renamed(String item, UnaryOperator<String> names) {
        int mark = item.indexOf('#');
        return mark < 0 ? names.apply(item) : names.apply(item.substring(0, mark)) + item.substring(mark);
    }

    public List<String> resources(SparkResource resource) {
        return resources.getOrDefault(resource, List.of());
    }

    /**
     * What is shown and kept of a run beside its logs.
     *
     * @param results patterns of paths in the working folder, such as {@code out/**}
     */
    public record Showing(boolean live, List<String> results) {

        @SuppressWarnings("NullAway")
        public Showing {
            results = List.copyOf(Objects.requireNonNullElse(results, List.of()));
        }

        /** {@code null} where that is what holds anyway: such a wish has the fingerprint that it had before there was the field. */
        public static @Nullable Showing of(boolean live, List<String> results) {
            return live && results.isEmpty() ? null : new Showing(live, results);
        }
    }

    /** Whether a run shows what it prints while it runs. */
    public enum Live {
        TRUE,
        FALSE
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
     * @param requirements path of the project's file of requirements from which an environment is built; {@code null} for none
     * @param version the environment's Python, {@code 3.11}; {@code null} for the cluster's
     * @param found whether nobody named the requirements: they were found at the project's root
     */
    public record Python(
            List<String> path,
            @Nullable String environment,
            // A wish that says nothing of them has the fingerprint that it had before there were the fields.
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String requirements,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String version,

            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean found) {

        /** Says that no environment is to be built, whatever files the project has. */
        public static final String NO_REQUIREMENTS = "none";

        private static final Pattern STORED = Pattern.compile("sha256:([0-9a-f]{64})");

        static final Python OF_THE_CLUSTER = new Python(List.of(), null);

        @SuppressWarnings("NullAway")
        public Python {
            path = List.copyOf(Objects.requireNonNullElse(path, List.of()));
        }

        /** Without requirements of its own. */
        public Python(List<String> path, @Nullable String environment) {
            this(path, environment, null, null);
        }

        /** With nothing but what somebody named. */
        public Python(
                List<String> path,
                @Nullable String environment,
                @Nullable String requirements,
                @Nullable String version) {
            this(path, environment, requirements, version, false);
        }

        /** With the requirements that were found at the project's root, by the path of their file. */
        public Python finding(String file) {
            return new Python(path, environment, file, version, true);
        }

        private Python naming(UnaryOperator<String> names) {
            // The root needs no name: modules are looked for there anyway.
            List<String> folders =
                    path.stream().map(names).filter(folder -> !folder.isEmpty()).toList();
            String named = requirements == null ? null : names.apply(requirements);
            return new Python(folders, environment, named, version, found);
        }

        /** In an environment that was built for it. */
        public Python in(@Nullable String built) {
            return new Python(path, built, requirements, version, found);
        }

        /** The id of the environment, when it is in the artifact store. */
        public Optional<ArtifactId> storedEnvironment() {
            return Optional.ofNullable(environment).flatMap(Python::idOf).map(ArtifactId::new);
        }

        /** The id's digits, when a spec names an environment that was sent and not the URI of one. */
        public static Optional<String> idOf(String environment) {
            Matcher id = STORED.matcher(environment);
            return id.matches() ? Optional.of(id.group(1)) : Optional.empty();
        }
    }
}
