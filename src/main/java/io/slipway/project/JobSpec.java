package io.slipway.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked for, after the project's own {@code slipway.yml} was laid under the request. It never changes once a job has
 * been accepted.
 *
 * @param name what people call the job; {@code null} lets the submission name it after the upload
 * @param cluster name of a configured cluster; {@code null} means the default one
 * @param environment variables of the driver; the values are secrets and never leave the service again
 */
public record JobSpec(
        @Nullable String name,
        @Nullable String cluster,
        Program program,
        Map<String, String> sparkConf,
        Map<String, String> environment,
        Map<String, String> labels,
        Limits limits) {

    public JobSpec {
        sparkConf = copy(sparkConf);
        environment = copy(environment);
        labels = copy(labels);
    }

    /**
     * What is started.
     *
     * @param entryPoint path of a {@code .py} file from the project's root, with forward slashes, or {@code -m package.module};
     *     {@code null} until the project was looked at
     * @param overlaid what configuration files did that were laid over the project, by their paths in it
     */
    public record Program(
            @Nullable String entryPoint,
            List<String> arguments,
            Launch launch,
            // A wish that says nothing of them has the fingerprint that it had before there was the field.
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Overlaid> overlaid) {

        @SuppressWarnings("NullAway") // Rows of earlier versions have neither.
        public Program {
            arguments = List.copyOf(arguments);
            launch = Objects.requireNonNullElse(launch, Launch.DEFAULT);
            overlaid = Map.copyOf(Objects.requireNonNullElse(overlaid, Map.of()));
        }

        public Program(@Nullable String entryPoint, List<String> arguments, Launch launch) {
            this(entryPoint, arguments, launch, Map.of());
        }

        public Program(@Nullable String entryPoint, List<String> arguments) {
            this(entryPoint, arguments, Launch.DEFAULT);
        }
    }

    /**
     * How long, how often and how soon.
     *
     * @param timeout longest time in RUNNING, for each attempt
     * @param queueTimeout longest time from the 202 until the (first) run starts
     * @param maxAttempts 1 to 10
     * @param priority -10 to 10: within the queue of a cluster the higher goes first; 0 for everything that is not special
     */
    public record Limits(
            @Nullable Duration timeout, @Nullable Duration queueTimeout, int maxAttempts, int priority) {
        public static final Limits NONE = new Limits(null, null, 1, 0);

        /** Of a job that is not special. */
        public Limits(@Nullable Duration timeout, @Nullable Duration queueTimeout, int maxAttempts) {
            this(timeout, queueTimeout, maxAttempts, 0);
        }
    }

    /** The same wishes with the file of requirements that was found though nobody named it, by its path. */
    public JobSpec finding(String requirements) {
        Launch launch = program.launch();
        return with(launch.with(launch.python().finding(requirements)));
    }

    /** The same wishes in the environment that was built for them. */
    public JobSpec in(String environment) {
        Launch launch = program.launch();
        return with(launch.with(launch.python().in(environment)));
    }

    /** The same wishes with other names for the files and folders of the project. */
    public JobSpec naming(UnaryOperator<String> names) {
        return with(program.launch().naming(names));
    }

    private JobSpec with(Launch launch) {
        return new JobSpec(
                name,
                cluster,
                new Program(program.entryPoint(), program.arguments(), launch, program.overlaid()),
                sparkConf,
                environment,
                labels,
                limits);
    }

    /** The same wishes with what was worked out from the upload. */
    public JobSpec resolved(
            String resolvedName, String resolvedCluster, String entryPoint, Map<String, Overlaid> overlaid) {
        return new JobSpec(
                resolvedName,
                resolvedCluster,
                new Program(entryPoint, program.arguments(), program.launch(), overlaid),
                sparkConf,
                environment,
                labels,
                limits);
    }

    // Not Map.copyOf: the order in which settings were written is kept for people to recognise.
    private static Map<String, String> copy(Map<String, String> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
