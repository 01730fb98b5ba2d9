package io.slipway.project.spec;

import static io.slipway.project.spec.About.Part.LAUNCH;
import static io.slipway.project.spec.About.Part.NONE;
import static io.slipway.project.spec.About.Part.RESOURCES;
import static io.slipway.project.spec.About.Part.RUN;
import static io.slipway.project.spec.About.Part.SETTINGS;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.JobSpec;
import io.slipway.project.Launch;
import io.slipway.project.SparkResource;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * A job's spec as people write it: every field of a request and of the project's own file, each {@code null} where nothing was said. All
 * else is made from this record: how a source is read and checked, the API's schema, the console's form. So a new field is a component
 * here, with a line in {@link #toSpec()} and one in {@link #of(JobSpec)}.
 */
public record WrittenSpec(
        @About(
                part = RUN,
                label = "Name",
                placeholder = "Named after the upload",
                text = "At most 200 characters; else named after the upload.",
                example = "normal-squares")
        @Pattern(regexp = SpecRules.NAME, message = SpecRules.NAME_MESSAGE)
        @Nullable
        String name,

        @About(part = RUN, label = "Cluster", text = "A configured cluster; else the default one.", example = "local")
        @Pattern(regexp = SpecRules.NAME, message = SpecRules.NAME_MESSAGE)
        @Nullable
        String cluster,

        @About(
                part = RUN,
                label = "Entry point",
                placeholder = "main.py, project.py, …",
                text = "A .py file by its path in the project, `-m package.module`, or `--class org.example.Main"
                        + " app.jar` for a jar of the project (on EMR, with layout split); else main.py,"
                        + " project.py, __main__.py or the only .py at the root.",
                example = "project.py")
        @Nullable
        String entryPoint,

        @About(
                part = LAUNCH,
                label = "Project folder",
                placeholder = "jobs/daily",
                text = "The folder of the upload that is the project, in a repository of many: all paths count from"
                        + " it, and nothing else travels. In the request alone, never in slipway.yml.",
                example = "jobs/daily")
        @Size(max = 1024, message = "is longer than 1,024 characters")
        @Nullable
        String projectFolder,

        @About(
                part = RUN,
                label = "Arguments",
                note = "one a line",
                text = "Handed to the entry point as they are, never split.",
                example = "[\"--samples\", \"1000\"]")
        @Bounded(
                entries = 1000,
                message = "are more than 1,000 or longer than 102,400 characters; put them into a file of the project")
        @Nullable
        List<String> arguments,

        @About(
                part = SETTINGS,
                label = "Spark settings",
                note = "key=value, one a line",
                placeholder = "spark.executor.memory=4g",
                text = "Settings of Spark, as `--conf` has them.",
                example = "{\"spark.executor.memory\": \"4g\"}")
        @Bounded(entries = 500, message = TOO_MANY_ENTRIES, groups = Whole.class)
        @Nullable
        Map<
                        @Pattern(regexp = SpecRules.CONF_KEY, message = "is no Spark property: no spaces and no '='")
                        String,
                        String>
                sparkConf,

        @About(
                part = SETTINGS,
                label = "Environment of the driver",
                note = "NAME=value, one a line; write-only",
                text = "Variables of the driver. Write-only: only the names can be read again. With `project:"
                        + " job:<id>`, null keeps the value that the job had for the name.",
                example = "{\"STAGE\": \"test\", \"PASSWORD\": null}")
        @Bounded(entries = 500, message = TOO_MANY_ENTRIES, groups = Whole.class)
        @Nullable
        Map<
                        @Pattern(
                                regexp = SpecRules.VARIABLE,
                                message =
                                        "is no name of a variable: letters, digits and '_', not beginning with a digit")
                        String,
                        @Nullable String>
                environment,

        @About(
                part = SETTINGS,
                label = "Labels",
                note = "key=value, one a line",
                placeholder = "team=pricing",
                text = "For filters.",
                example = "{\"team\": \"pricing\"}")
        @Size(max = 50, message = "are more than 50", groups = Whole.class)
        @Nullable
        Map<
                        @Pattern(
                                regexp = SpecRules.LABEL_KEY,
                                message = "is no label: 1 to 100 letters, digits and . _ / -")
                        String,
                        @Size(max = 500, message = "is longer than 500 characters") String>
                labels,

        @About(
                part = SETTINGS,
                label = "Timeout",
                note = "of each run",
                placeholder = "2h",
                text = "Longest time in RUNNING, for each attempt: ISO-8601, or short as `2h` and `90m`.",
                example = "PT2H")
        @DurationMin(nanos = 1, message = SpecRules.DURATION)
        @DurationMax(days = SpecRules.LONGEST_DAYS, message = SpecRules.DURATION)
        @Nullable
        Duration timeout,

        @About(
                part = SETTINGS,
                label = "Queue timeout",
                placeholder = "30m",
                text = "Longest time from the 202 to the first run: ISO-8601, or short as `2h` and `90m`.",
                example = "PT30M")
        @DurationMin(nanos = 1, message = SpecRules.DURATION)
        @DurationMax(days = SpecRules.LONGEST_DAYS, message = SpecRules.DURATION)
        @Nullable
        Duration queueTimeout,

        @About(
                part = RUN,
                label = "Attempts at most",
                placeholder = "As the project says, else 1",
                text = "1 to 10.",
                example = "1")
        @Min(value = 1, message = "is no whole number from 1 to 10")
        @Max(value = 10, message = "is no whole number from 1 to 10")
        @Nullable
        Integer maxAttempts,

        @About(
                part = LAUNCH,
                label = "Priority",
                note = "−10 to 10",
                placeholder = "0",
                text = "-10 to 10, else 0: the higher goes first. Within one priority the owners of a cluster's queue"
                        + " take turns.",
                example = "0")
        @Min(value = -10, message = "is no whole number from -10 to 10")
        @Max(value = 10, message = "is no whole number from -10 to 10")
        @Nullable
        Integer priority,

        @About(
                part = LAUNCH,
                label = "Layout",
                placeholder = "As the project says, else unchanged",
                text = "unchanged: the project travels as one archive and finds itself as on a laptop. split: as"
                        + " spark-submit's own --py-files and --files.",
                example = "unchanged")
        Launch.@Nullable Layout layout,

        @About(
                part = LAUNCH,
                label = "Mode",
                placeholder = "As the project says, else cluster",
                text = "Where the driver runs: cluster (YARN), client (the primary node) or container (a Docker"
                        + " image). A cluster's settings must allow the last two.",
                example = "cluster")
        Launch.@Nullable Mode mode,

        @About(
                part = LAUNCH,
                label = "Container",
                note = "of mode container",
                placeholder = "image=registry/name:tag",
                text = "For mode container: image, from a registry that the cluster allows.",
                example = "{\"image\": \"123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:3.5\"}")
        @Nullable
        @Valid
        Container container,

        @About(
                part = LAUNCH,
                label = "Python path",
                note = "folders and wheels, one a line",
                placeholder = "libs",
                text = "Folders and wheels of the project from which modules can be imported, too.",
                example = "[\"src\", \"libs\"]")
        @Size(max = 100, message = "has more than 100 entries")
        @Nullable
        List<ProjectPath> pythonPath,

        @About(
                part = LAUNCH,
                label = "Packed environment",
                placeholder = "s3://bucket/env.tar.gz",
                text = "URI of a packed Python environment (.tar.gz), for driver and executors, or `sha256:<id>` of"
                        + " one that was sent.",
                example = "s3://my-bucket/environments/pricing.tar.gz")
        @Pattern(
                regexp = SpecRules.ENVIRONMENT,
                message = "must be the s3:// or hdfs:// URI of a packed environment (.tar.gz) without blanks, commas or"
                        + " '#', the file itself as a part of the form, or sha256:<id> of one that you sent"
                        + " before")
        @Nullable
        String pythonEnvironment,

        @About(
                part = LAUNCH,
                label = "Python",
                note = "requirements=…, version=…, one a line",
                placeholder = "requirements=requirements.txt",
                text = "requirements: the project's file of what to install, of which an environment is built where"
                        + " the job runs: requirements.txt, pylock.toml, uv.lock, poetry.lock or Pipfile.lock;"
                        + " `none` for nothing. Else a lock or requirements.txt at the project's root, where the"
                        + " cluster allows it; a job that names none runs without where no index of packages can be"
                        + " reached. version: of Python, `3.11`. As form fields: `requirements`,"
                        + " `pythonVersion`, and a file as the part `requirementsFile`.",
                example = "{\"requirements\": \"requirements.txt\", \"version\": \"3.11\"}")
        @Nullable
        @Valid
        Python python,

        @About(
                part = LAUNCH,
                label = "Execution role",
                placeholder = "arn:aws:iam::…:role/…",
                text = "ARN of a runtime role that the cluster allows; else the cluster's own.",
                example = "arn:aws:iam::123456789012:role/pricing")
        @Pattern(
                regexp = SpecRules.ROLE,
                message = "is no ARN of an IAM role, such as arn:aws:iam::123456789012:role/pricing")
        @Nullable
        String executionRole,

        @About(
                part = RESOURCES,
                label = "Jars",
                note = "paths of the project or URIs, one a line",
                placeholder = "jars/driver.jar",
                text = "For the class path of driver and executors, as `--jars` has them (spark.jars). A relative"
                        + " path is a file of the project.",
                example = "[\"jars/postgresql.jar\"]")
        @Bounded(entries = 100, message = SpecRules.TOO_MANY_RESOURCES)
        @Nullable
        List<String> jars,

        @About(
                part = RESOURCES,
                label = "Files",
                note = "paths of the project or URIs, one a line",
                placeholder = "conf/etl.json",
                text = "For the working folder of driver and executors, as `--files` has them (spark.files). A"
                        + " relative path is a file of the project.",
                example = "[\"conf/etl.json\"]")
        @Bounded(entries = 100, message = SpecRules.TOO_MANY_RESOURCES)
        @Nullable
        List<String> files,

        @About(
                part = RESOURCES,
                label = "Python files",
                note = "paths of the project or URIs, one a line",
                placeholder = "deps.zip",
                text = "For the Python path of driver and executors (.zip, .egg or .py), as `--py-files` has them"
                        + " (spark.submit.pyFiles). A relative path is a file of the project.",
                example = "[\"deps.zip\"]")
        @Bounded(entries = 100, message = SpecRules.TOO_MANY_RESOURCES)
        @Nullable
        List<String> pyFiles,

        @About(
                part = RESOURCES,
                label = "Archives",
                note = "paths of the project or URIs, one a line",
                placeholder = "model.tar.gz#model",
                text = "For the working folder of driver and executors, unpacked; `#name` names the folder, as"
                        + " `--archives` has them (spark.archives). A relative path is a file of the project.",
                example = "[\"model.tar.gz#model\"]")
        @Bounded(entries = 100, message = SpecRules.TOO_MANY_RESOURCES)
        @Nullable
        List<String> archives,

        @About(
                part = RESOURCES,
                label = "Packages",
                note = "Maven coordinates, one a line",
                placeholder = "org.postgresql:postgresql:42.7.4",
                text = "Maven coordinates of libraries for Spark, as `--packages` has them (spark.jars.packages);"
                        + " spark-submit loads them where it runs.",
                example = "[\"org.postgresql:postgresql:42.7.4\"]")
        @Bounded(entries = 100, message = SpecRules.TOO_MANY_RESOURCES)
        @Nullable
        List<
                        @Pattern(
                                regexp = SpecRules.MAVEN,
                                message = "is no Maven coordinate: group:artifact:version, such as"
                                        + " org.postgresql:postgresql:42.7.4")
                        String>
                packages,

        @About(
                part = RESOURCES,
                label = "Repositories",
                note = "of Maven, one a line",
                placeholder = "https://repo.example.com/maven",
                text = "Further Maven repositories for packages, as `--repositories` has them"
                        + " (spark.jars.repositories). A password in one would be shown to everybody who may look"
                        + " at the cluster.",
                example = "[\"https://repo.example.com/maven\"]")
        @Bounded(entries = 100, message = SpecRules.TOO_MANY_RESOURCES)
        @Nullable
        List<
                        @Pattern(
                                regexp = SpecRules.REPOSITORY,
                                message = "is no address of a repository, such as https://repo.example.com/maven,"
                                        + " without a password")
                        String>
                repositories,

        @About(
                part = LAUNCH,
                label = "Results",
                note = "paths of the working folder, one a line",
                placeholder = "out/**",
                text = "What the program writes there is kept at the end of a run, for downloads: paths of files and"
                        + " folders, with * and ** for any.",
                example = "[\"out/**\", \"report.csv\"]")
        @Size(max = 50, message = "are more than 50")
        @Nullable
        List<@Pattern(regexp = SpecRules.RESULT, message = SpecRules.NO_RESULT) String> results,

        @About(
                part = LAUNCH,
                label = "Live output",
                placeholder = "true",
                text = "false: the driver shows nothing while it runs; what it prints is seen when EMR has shipped"
                        + " it. Results need it.",
                example = "true")
        Launch.@Nullable Live live,

        @About(
                part = NONE,
                label = "Refuse",
                text = "warning: refuse the job when its plan has warnings.",
                example = "never")
        Launch.@Nullable FailOn failOn) {

    private static final String TOO_MANY_ENTRIES =
            "has more than 500 entries or 102,400 characters; put them into a file of the project";

    /** Checked when all sources lie over each other. */
    interface Whole {}

    /** @param image as Docker names it, with its registry */
    public record Container(
            @Pattern(
                    regexp = SpecRules.IMAGE,
                    message = "is no name of a Docker image, such as"
                            + " 123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:3.5")
            @Nullable
            String image) {}

    /**
     * @param requirements path of a file of the project
     * @param version of Python
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Python(
            @Size(max = 1024, message = "is longer than 1,024 characters") @Nullable
            String requirements,

            @Pattern(regexp = SpecRules.PYTHON, message = "is no version of Python, such as 3.11") @Nullable
            String version) {}

    /** What no cluster could make sense of. */
    Stream<Detail> contradictions() {
        boolean built = python != null
                && python.requirements() != null
                && !python.requirements().equals(Launch.Python.NO_REQUIREMENTS);
        if (built && pythonEnvironment != null) {
            return Stream.of(new Detail(
                    SpecField.PYTHON.key() + ".requirements",
                    "cannot be used with pythonEnvironment, which brings what it needs; leave one out"));
        }
        if (mode != Launch.Mode.CONTAINER) {
            return Stream.of();
        }
        if (built) {
            return Stream.of(new Detail(
                    SpecField.PYTHON.key() + ".requirements",
                    "cannot be used in mode container: the image brings the Python; leave one out"));
        }
        if (image() == null) {
            return Stream.of(new Detail(
                    SpecField.CONTAINER.key() + ".image",
                    "is missing: mode container runs the project in a Docker image; name one"));
        }
        return pythonEnvironment == null
                ? Stream.of()
                : Stream.of(SpecField.PYTHON_ENVIRONMENT.problem(
                        "cannot be used in mode container: the image brings the Python; leave one out"));
    }

    /** Its name, cluster and entry point may still be open. */
    JobSpec toSpec() {
        return new JobSpec(
                name,
                cluster,
                new JobSpec.Program(entryPoint, orNone(arguments), toLaunch()),
                orNone(sparkConf),
                withValues(orNone(environment)),
                orNone(labels),
                new JobSpec.Limits(
                        timeout,
                        queueTimeout,
                        Objects.requireNonNullElse(maxAttempts, JobSpec.Limits.NONE.maxAttempts()),
                        Objects.requireNonNullElse(priority, JobSpec.Limits.NONE.priority())));
    }

    /** An image alone does no harm: a project may name its own for those who ask for the mode. */
    private Launch toLaunch() {
        String image = image();
        return new Launch(
                Objects.requireNonNullElse(layout, Launch.DEFAULT.layout()),
                Objects.requireNonNullElse(mode, Launch.DEFAULT.mode()),
                mode == Launch.Mode.CONTAINER && image != null ? new Launch.Container(image) : null,
                new Launch.Python(
                        orNone(pythonPath).stream().map(ProjectPath::value).toList(),
                        pythonEnvironment,
                        python == null ? null : python.requirements(),
                        python == null ? null : python.version()),
                executionRole,
                Objects.requireNonNullElse(failOn, Launch.DEFAULT.failOn()),
                resources(),
                Launch.Showing.of(live != Launch.Live.FALSE, orNone(results)));
    }

    private Map<SparkResource, List<String>> resources() {
        return Map.of(
                SparkResource.JARS, separate(jars),
                SparkResource.FILES, separate(files),
                SparkResource.PY_FILES, separate(pyFiles),
                SparkResource.ARCHIVES, separate(archives),
                SparkResource.PACKAGES, separate(packages),
                SparkResource.REPOSITORIES, separate(repositories));
    }

    /** What would have to be written to ask for the same again. Values of the environment are left out: a name alone keeps its value. */
    public static WrittenSpec of(JobSpec spec) {
        Launch launch = spec.program().launch();
        Launch.Container container = launch.container();
        Map<String, @Nullable String> names = new LinkedHashMap<>();
        spec.environment().keySet().stream().sorted().forEach(name -> names.put(name, null));
        return new WrittenSpec(
                spec.name(),
                spec.cluster(),
                spec.program().entryPoint(),
                // The project that is kept is that folder.
                null,
                spec.program().arguments(),
                spec.sparkConf(),
                names,
                spec.labels(),
                spec.limits().timeout(),
                spec.limits().queueTimeout(),
                spec.limits().maxAttempts(),
                spec.limits().priority(),
                launch.layout(),
                launch.mode(),
                container == null ? null : new Container(container.image()),
                launch.python().path().stream().map(ProjectPath::new).toList(),
                launch.python().environment(),
                written(launch.python()),
                launch.executionRole(),
                launch.resources(SparkResource.JARS),
                launch.resources(SparkResource.FILES),
                launch.resources(SparkResource.PY_FILES),
                launch.resources(SparkResource.ARCHIVES),
                launch.resources(SparkResource.PACKAGES),
                launch.resources(SparkResource.REPOSITORIES),
                launch.results(),
                launch.isShownLive() ? null : Launch.Live.FALSE,
                launch.failOn());
    }

    /** What was found without being named is found again. */
    private static @Nullable Python written(Launch.Python python) {
        String named = python.found() ? null : python.requirements();
        return named == null && python.version() == null ? null : new Python(named, python.version());
    }

    private @Nullable String image() {
        return container == null ? null : container.image();
    }

    /** READMEs have such lists as one text with commas, as spark-submit does. */
    private static List<String> separate(@Nullable List<String> items) {
        return orNone(items).stream()
                .flatMap(item -> Stream.of(item.split(",", -1)))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static <V extends @Nullable Object> Map<String, V> orNone(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : map;
    }

    private static Map<String, String> withValues(Map<String, @Nullable String> environment) {
        Map<String, String> values = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            if (value != null) {
                values.put(name, value);
            }
        });
        return Collections.unmodifiableMap(values);
    }
}
