package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.emr.launch.JobRules.Container.Runtime;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.Launch;
import io.slipway.project.Launch.Container;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.SparkResource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What a plan becomes, argument by argument: emr-facts, sections 4, 5 and 13. */
public class StepArgumentsTest {

    static final String KEY = "01JH0000000000000000000001-1";
    static final String IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scores:1.4";
    public static final List<ProjectFile> FILES = List.of(
            file("data/__init__.py"),
            file("data/data_source.ini"),
            file("data/data_source.py"),
            file("jobs/main.py"),
            file("project.py"));
    private static final List<ProjectFile> RESOURCES = List.of(
            file("configs/etl_config.json"),
            file("deps.zip"),
            file("env.tar.gz"),
            file("extra/helper.py"),
            file("jars/a.jar"),
            file("jars/driver.jar"),
            file("project.py"));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * <ul>
     *   <li>unchanged, cluster: the bold row of section 13, with Spark's daemon in the project's folder.
     *   <li>split, cluster: its last row but one; the modules' zip is the project itself, which has directory entries.
     *   <li>client: EMR runs our program, and the spark-submit is in the launch file.
     *   <li>container, on YARN: the cluster's form and six settings; on the primary node: the client's form.
     * </ul>
     */
    @ParameterizedTest
    @CsvSource({
        "unchanged-cluster, UNCHANGED, CLUSTER, YARN",
        "split-cluster, SPLIT, CLUSTER, YARN",
        "unchanged-client, UNCHANGED, CLIENT, YARN",
        "split-client, SPLIT, CLIENT, YARN",
        "unchanged-container, UNCHANGED, CONTAINER, YARN",
        "split-container, SPLIT, CONTAINER, YARN",
        "unchanged-container-on-primary-node, UNCHANGED, CONTAINER, PRIMARY_NODE",
        "split-container-on-primary-node, SPLIT, CONTAINER, PRIMARY_NODE"
    })
    void everyLayoutInEveryModeBecomesTheStepOfItsGoldenFile(String golden, Layout layout, Mode mode, Runtime runtime)
            throws IOException {
        Map<String, String> conf = new LinkedHashMap<>();
        conf.put("spark.executor.memory", "4g");
        conf.put("spark.sql.shuffle.partitions", "8");
        Container container = mode == Mode.CONTAINER ? new Container(IMAGE) : null;
        LaunchPlan plan = new LaunchPlan(
                MemoryArtifacts.PROJECT,
                "project.py",
                List.of("--day", "2026-01-05"),
                conf,
                Map.of(),
                new Launch(layout, mode, container, new Python(List.of(), null), null, FailOn.NEVER));
        JobRules rules = rules(runtime, List.of("/etc/passwd:/etc/passwd:ro"), null);

        check(golden, plan, rules);
    }

    @Test
    void aPackedEnvironmentVendoredFoldersAndAModuleBecomeTheStepOfTheGoldenFile() throws IOException {
        LaunchPlan plan = new LaunchPlan(
                MemoryArtifacts.PROJECT,
                "-m jobs.main",
                List.of(),
                Map.of(),
                Map.of(),
                new Launch(
                        Layout.UNCHANGED,
                        Mode.CLUSTER,
                        null,
                        new Python(List.of("libs", "wheels/tool.whl"), "s3://envs/packed.tar.gz"),
                        null,
                        FailOn.NEVER));

        check("environment-and-vendored", plan, rules(Runtime.YARN, List.of(), null));
    }

    /** On YARN each file of the project has an address of its own; on the primary node spark-submit starts in the project's folder. */
    @ParameterizedTest
    @CsvSource({
        "resources-unchanged-cluster, UNCHANGED, CLUSTER",
        "resources-split-cluster, SPLIT, CLUSTER",
        "resources-unchanged-client, UNCHANGED, CLIENT",
        "resources-unchanged-container, UNCHANGED, CONTAINER"
    })
    void filesThatSparkSettingsNameBecomeTheStepOfTheGoldenFile(String golden, Layout layout, Mode mode)
            throws IOException {
        Map<SparkResource, List<String>> resources = Map.of(
                SparkResource.JARS, List.of("jars/*.jar", "/usr/lib/hudi/hudi.jar", "s3://b/x.jar"),
                SparkResource.FILES, List.of("./configs/etl_config.json"),
                SparkResource.PY_FILES, List.of("deps.zip", "extra/helper.py"),
                SparkResource.ARCHIVES, List.of("env.tar.gz#env"),
                SparkResource.PACKAGES, List.of("org.postgresql:postgresql:42.7.4"));
        Launch launch = new Launch(
                layout,
                mode,
                mode == Mode.CONTAINER ? new Container(IMAGE) : null,
                new Python(List.of(), null),
                null,
                FailOn.NEVER,
                resources);
        LaunchPlan plan = new LaunchPlan(MemoryArtifacts.PROJECT, "project.py", List.of(), Map.of(), Map.of(), launch);

        check(golden, plan, rules(Runtime.YARN, List.of(), null), RESOURCES);
    }

    @Test
    void aRuntimeRoleQuotesTheCommandOnThePrimaryNodeOnceMore() throws IOException {
        JobRules rules = rules(Runtime.YARN, List.of(), "arn:aws:iam::123456789012:role/jobs");

        check("client-with-runtime-role", plan(Layout.UNCHANGED, Mode.CLIENT, "project.py", Map.of()), rules);
    }

    @Test
    void inLayoutUnchangedArgumentsAndEnvironmentStayOutOfTheStep() {
        LaunchPlan plan = new LaunchPlan(
                MemoryArtifacts.PROJECT, "project.py", List.of("an-argument"), Map.of(), Map.of("TOKEN", "a-secret"));

        assertThat(String.join(" ", step(plan, JobRules.DEFAULT).arguments()))
                .doesNotContain("an-argument", "a-secret", "TOKEN");
        assertThat(new String(launchFile(plan, JobRules.DEFAULT), StandardCharsets.UTF_8))
                .startsWith("{\"entryPoint\":\"project.py\",\"arguments\":[\"an-argument\"],"
                        + "\"environment\":{\"TOKEN\":\"a-secret\"},\"pythonPath\":[],\"lateContext\":true,\"live\":{")
                .endsWith("/live-ends/default/" + KEY + "\"}}");
    }

    @Test
    void anEntryInAFolderIsImportableOnExecutorsFromThereFirstAsOnTheDriver() {
        assertThat(conf(plan(Layout.UNCHANGED, Mode.CLUSTER, "jobs/main.py", Map.of()), JobRules.DEFAULT))
                .containsEntry("spark.executorEnv.PYTHONPATH", "slipway-project/jobs:slipway-project");
        String below = "{{PWD}}/project_" + MemoryArtifacts.PROJECT + ".zip/jobs";
        assertThat(conf(plan(Layout.SPLIT, Mode.CLUSTER, "jobs/main.py", Map.of()), JobRules.DEFAULT))
                .containsEntry("spark.executorEnv.PYTHONPATH", below)
                .containsEntry("spark.yarn.appMasterEnv.PYTHONPATH", below);
    }

    @Test
    void whatAJobAddsToOurOwnSettingsIsKept() {
        Map<String, String> wishes = Map.of(
                "spark.executorEnv.PYTHONPATH", "environment/lib",
                "spark.yarn.maxAppAttempts", "2",
                "spark.python.daemon.module", "my_daemon",
                "spark.archives", "s3://b/env.tar.gz#environment",
                "spark.files", "s3://b/extra.csv");
        LaunchPlan plan = plan(Layout.UNCHANGED, Mode.CLUSTER, "project.py", wishes);

        assertThat(conf(plan, JobRules.DEFAULT))
                .containsEntry("spark.executorEnv.PYTHONPATH", "slipway-project:environment/lib")
                .containsEntry("spark.yarn.maxAppAttempts", "2")
                .containsEntry("spark.python.daemon.module", "my_daemon")
                .doesNotContainKeys("spark.archives", "spark.files");
        List<String> arguments = step(plan, JobRules.DEFAULT).arguments();
        assertThat(arguments.get(arguments.indexOf("--archives") + 1))
                .endsWith(".zip#slipway-project,s3://b/env.tar.gz#environment");
        assertThat(arguments.get(arguments.indexOf("--files") + 1))
                .contains("launch_" + KEY + ".json#slipway-launch.json,")
                .endsWith(".zip,s3://b/extra.csv");
    }

    @Test
    void theClustersOwnSettingsLieBelowTheJobs() {
        JobRules rules = new JobRules(
                Map.of("spark.executor.memory", "2g", "spark.executor.cores", "2"),
                List.of(),
                Set.of(Mode.CLUSTER),
                null,
                List.of(),
                JobRules.DEFAULT.container());

        assertThat(conf(
                        plan(Layout.UNCHANGED, Mode.CLUSTER, "project.py", Map.of("spark.executor.memory", "8g")),
                        rules))
                .containsEntry("spark.executor.memory", "8g")
                .containsEntry("spark.executor.cores", "2");
    }

    @ParameterizedTest
    @CsvSource({"PT30M, 1800s", "PT10S, 100s", ", 86400s"})
    void yarnWaitsForASparkContextAsLongAsTheJobMayTake(Duration timeout, String wait) {
        for (Layout layout : Layout.values()) {
            LaunchPlan plan = plan(layout, Mode.CLUSTER, "project.py", Map.of(), timeout);
            assertThat(conf(plan, JobRules.DEFAULT)).containsEntry("spark.yarn.am.waitTime", wait);
        }
        LaunchPlan wish =
                plan(Layout.UNCHANGED, Mode.CLUSTER, "project.py", Map.of("spark.yarn.am.waitTime", "7s"), timeout);
        assertThat(conf(wish, JobRules.DEFAULT)).containsEntry("spark.yarn.am.waitTime", "7s");
    }

    @Test
    void baseNamesAreUniqueBecauseSparkSilentlyDropsTheSecondOfTwo() {
        List<String> arguments = step(plan(Layout.SPLIT, Mode.CLUSTER, "project.py", Map.of()), JobRules.DEFAULT)
                .arguments();

        assertThat(arguments.stream()
                        .flatMap(argument -> List.of(argument.split(",")).stream())
                        .filter(argument -> argument.startsWith("s3:"))
                        .map(uri -> uri.replaceAll("#.*", "").replaceAll(".*/", "")))
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    public static LaunchPlan plan(Layout layout, Mode mode, String entryPoint, Map<String, String> conf) {
        Container container = mode == Mode.CONTAINER ? new Container(IMAGE) : null;
        return new LaunchPlan(
                MemoryArtifacts.PROJECT,
                entryPoint,
                List.of(),
                conf,
                Map.of(),
                new Launch(layout, mode, container, new Python(List.of(), null), null, FailOn.NEVER));
    }

    private static LaunchPlan plan(
            Layout layout, Mode mode, String entryPoint, Map<String, String> conf, Duration timeout) {
        return new LaunchPlan(
                MemoryArtifacts.PROJECT,
                entryPoint,
                List.of(),
                conf,
                Map.of(),
                plan(layout, mode, entryPoint, conf).launch(),
                timeout);
    }

    public static JobRules rules(Runtime runtime, List<String> mounts, String role) {
        return new JobRules(
                Map.of(),
                List.of(),
                Set.of(Mode.values()),
                role,
                List.of(),
                new JobRules.Container(List.of("123456789012.dkr.ecr.eu-central-1.amazonaws.com"), mounts, runtime));
    }

    static StepFiles files(LaunchPlan plan) {
        return new StepFiles(new MemoryArtifacts(), plan, new SubmissionKey(KEY));
    }

    static StepArguments step(LaunchPlan plan, JobRules rules) {
        return StepArguments.of(plan, "normal-squares", files(plan), rules, FILES);
    }

    static byte[] launchFile(LaunchPlan plan, JobRules rules) {
        return LaunchFile.of(plan, step(plan, rules), files(plan), rules, ResultLimits.DEFAULT);
    }

    private static ProjectFile file(String path) {
        return new ProjectFile(path, 10, "", false);
    }

    /** On a difference the actual step lies under target/steps, to be compared and taken over. */
    private static void check(String name, LaunchPlan plan, JobRules rules) throws IOException {
        check(name, plan, rules, FILES);
    }

    private static void check(String name, LaunchPlan plan, JobRules rules, List<ProjectFile> project)
            throws IOException {
        StepFiles files = new StepFiles(new MemoryArtifacts(), plan, new SubmissionKey(KEY));
        StepArguments arguments = StepArguments.of(plan, "normal-squares", files, rules, project);
        assertThat(PlanRules.objections(plan, rules, project, arguments)).isEmpty();
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("Name", StepName.of("normal-squares", new SubmissionKey(KEY)));
        step.put("Jar", StepArguments.JAR);
        step.put("Args", arguments.arguments());
        step.put("launch.json", JSON.readTree(LaunchFile.of(plan, arguments, files, rules, ResultLimits.DEFAULT)));
        // The programs' names change with each of their changes.
        String actual = JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(step)
                .replaceAll("(slipway_(launcher|live|daemon|primary_node))_[0-9a-f]{16}", "$1_0123456789abcdef");
        Path shown = Path.of("target/steps", name + ".json");
        Files.createDirectories(shown.getParent());
        Files.writeString(shown, actual + "\n");
        try (InputStream golden = StepArgumentsTest.class.getResourceAsStream("steps/" + name + ".json")) {
            assertThat(golden).as("golden file " + name).isNotNull();
            assertThat(JSON.readTree(actual)).isEqualTo(JSON.readTree(golden));
        }
    }

    private static Map<String, String> conf(LaunchPlan plan, JobRules rules) {
        Map<String, String> conf = new LinkedHashMap<>();
        List<String> arguments = step(plan, rules).arguments();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--conf")) {
                String[] pair = arguments.get(i + 1).split("=", 2);
                conf.put(pair[0], pair[1]);
            }
        }
        return conf;
    }
}
