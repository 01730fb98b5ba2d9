package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.compute.emr.launch.JobRules.Container.Runtime;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch;
import io.slipway.project.Launch.Container;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.SparkResource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cluster refuses, by field. */
class PlanRulesTest {

    private static final String ROLE = "arn:aws:iam::123456789012:role/pricing";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.master",
                "spark.submit.deployMode",
                "spark.yarn.tags",
                "spark.yarn.submit.waitAppCompletion",
                "spark.ssl.ui.keyStore",
                "spark.hadoop.some.keyStorePassword",
                "spark.yarn.keytab",
                "spark.executorEnv.YARN_CONTAINER_RUNTIME_DOCKER_MOUNTS",
                "spark.yarn.appMasterEnv.YARN_CONTAINER_RUNTIME_TYPE",
                "spark.a b"
            })
    void someSettingsNoJobCanHave(String key) {
        assertThat(refusals(plan(Map.of(key, "x"), launch(Mode.CLUSTER, null)), JobRules.DEFAULT))
                .containsExactly("sparkConf." + key);
    }

    @Test
    void aRuleOnASettingBindsTheFieldOfTheSameMeaning() {
        JobRules rules = new JobRules(
                Map.of(),
                List.of("spark.jars*", "spark.files"),
                Set.of(Mode.CLUSTER),
                null,
                List.of(),
                JobRules.DEFAULT.container());
        Launch launch = new Launch(
                Layout.UNCHANGED,
                Mode.CLUSTER,
                null,
                new Python(List.of(), null),
                null,
                FailOn.NEVER,
                Map.of(
                        SparkResource.JARS, List.of("s3://b/x.jar"),
                        SparkResource.FILES, List.of("s3://b/x.json"),
                        SparkResource.PACKAGES, List.of("a:b:1"),
                        SparkResource.ARCHIVES, List.of("s3://b/x.zip")));

        assertThat(refusals(plan(Map.of(), launch), rules)).containsExactlyInAnyOrder("jars", "files", "packages");
    }

    @Test
    void aRuleOnASettingBindsThoseOfTheSameMeaning() {
        JobRules rules = new JobRules(
                Map.of(),
                List.of("spark.files", "spark.yarn.dist.jars"),
                Set.of(Mode.CLUSTER),
                null,
                List.of(),
                JobRules.DEFAULT.container());

        assertThat(refusals(plan(Map.of("spark.yarn.dist.files", "s3://b/x"), launch(Mode.CLUSTER, null)), rules))
                .containsExactly("sparkConf.spark.files");
        assertThat(refusals(plan(Map.of("spark.jars", "s3://b/x"), launch(Mode.CLUSTER, null)), rules))
                .containsExactly("sparkConf.spark.jars");
        assertThat(refusals(plan(Map.of("spark.archives", "s3://b/x"), launch(Mode.CLUSTER, null)), rules))
                .isEmpty();
    }

    @Test
    void aClusterDeniesSettingsByPattern() {
        JobRules rules = new JobRules(
                Map.of(),
                List.of("spark.dynamicAllocation.*", "*.extraJavaOptions"),
                Set.of(Mode.CLUSTER),
                null,
                List.of(),
                JobRules.DEFAULT.container());

        assertThat(refusals(plan(Map.of("spark.driver.extraJavaOptions", "-Dx"), launch(Mode.CLUSTER, null)), rules))
                .containsExactly("sparkConf.spark.driver.extraJavaOptions");
        assertThat(refusals(plan(Map.of("spark.dynamicAllocationX", "1"), launch(Mode.CLUSTER, null)), rules))
                .isEmpty();
    }

    @Test
    void clientAndContainerAreOffUntilTheClusterAllowsThem() {
        assertThat(refusals(plan(Map.of(), launch(Mode.CLIENT, null)), JobRules.DEFAULT))
                .containsExactly("mode");
        assertThat(refusals(plan(Map.of(), container("x/y:1")), JobRules.DEFAULT))
                .containsExactly("mode", "container.image");
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scores:1.4, true",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example/scores, false",
        "team/scores:1, true",
        "other/scores:1, false",
        "scores, false",
        "registry.example/tools/python, true",
        "registry.example/tools/python:3, true",
        "registry.example/tools/python@sha256:0123, true",
        "registry.example/tools/python:3@sha256:0123, true",
        "registry.example/tools/python3, false",
        "registry.example/tools/jupyter:1, true",
        "registry.example/tools/jupyter:2, false",
        "registry.example:5000/tools/python, false",
        "UPPER/scores:1, false",
        "localhost:5000/scores, false"
    })
    void imagesComeFromTheAllowedRegistriesAlone(String image, boolean allowed) {
        JobRules rules = new JobRules(
                Map.of(),
                List.of(),
                Set.of(Mode.CONTAINER),
                null,
                List.of(),
                new JobRules.Container(
                        List.of(
                                "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
                                "docker.io/team",
                                "docker.io/UPPER",
                                "registry.example/tools/python",
                                "registry.example/tools/jupyter:1"),
                        List.of(),
                        Runtime.YARN));

        assertThat(refusals(plan(Map.of(), container(image)), rules).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::123456789012:role/pricing, true",
        "arn:aws:iam::123456789012:role/teams/a, true",
        "arn:aws:iam::123456789012:role/default, true",
        "arn:aws:iam::123456789012:role/admin, false"
    })
    void runtimeRolesAreAnAllowListBesideTheDefault(String role, boolean allowed) {
        assertThat(refusals(plan(Map.of(), launch(Mode.CLUSTER, role)), rulesWithRoles())
                        .isEmpty())
                .isEqualTo(allowed);
    }

    @Test
    void runtimeRolesAndContainersExcludeEachOther() {
        JobRules rules = StepArgumentsTest.rules(Runtime.YARN, List.of(), ROLE);

        assertThat(refusals(plan(Map.of(), container(StepArgumentsTest.IMAGE)), rules))
                .containsExactly("executionRole");
    }

    @Test
    void aStepThatWouldBeTooLongOffersTheOtherLayout() {
        List<ProjectFile> many = IntStream.range(0, 200)
                .mapToObj(i -> new ProjectFile("data/%03d.csv".formatted(i), 1, "", false))
                .toList();
        LaunchPlan plan = StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "project.py", Map.of());

        List<Detail> details = objections(plan, JobRules.DEFAULT, many);

        assertThat(details).singleElement().satisfies(detail -> {
            assertThat(detail.at()).isEqualTo("layout");
            assertThat(detail.message()).contains("EMR takes 10,240").contains("layout unchanged");
        });
    }

    @Test
    void splitRefusesWhatItCannotCarryWell() {
        LaunchPlan secret = new LaunchPlan(
                MemoryArtifacts.PROJECT,
                "project.py",
                List.of(),
                Map.of(),
                Map.of("TOKEN", "x"),
                StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "project.py", Map.of())
                        .launch());
        LaunchPlan module = StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "-m a.b", Map.of());
        List<ProjectFile> blanks = List.of(new ProjectFile("my data.csv", 1, "", false));

        assertThat(refusals(secret, JobRules.DEFAULT)).containsExactly("environment");
        assertThat(refusals(module, JobRules.DEFAULT)).containsExactly("entryPoint");
        assertThat(objections(
                        StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "project.py", Map.of()),
                        JobRules.DEFAULT,
                        blanks))
                .extracting(Detail::at)
                .containsExactly("layout");
    }

    @Test
    void executorsOfASplitProjectAreSaidNotToSeeTheEnvironment() {
        JobRules rules = StepArgumentsTest.rules(Runtime.YARN, List.of(), null);
        Launch split = StepArgumentsTest.plan(Layout.SPLIT, Mode.CLIENT, "project.py", Map.of())
                .launch();
        Map<String, String> environment = Map.of("TOKEN", "s3cr3t", "STAGE", "test");

        assertThat(findings(plan(split, Map.of(), environment), rules, List.of()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("environment-on-driver-alone");
                    assertThat(finding.isWarning()).isTrue();
                    assertThat(finding.what()).contains("STAGE, TOKEN").doesNotContain("s3cr3t");
                    assertThat(finding.wayOut()).contains("unchanged", "spark.executorEnv.STAGE");
                });
        assertThat(findings(
                        plan(
                                split,
                                Map.of("spark.executorEnv.STAGE", "test", "spark.executorEnv.TOKEN", "x"),
                                environment),
                        rules,
                        List.of()))
                .isEmpty();
        assertThat(findings(plan(split, Map.of(), Map.of()), rules, List.of())).isEmpty();
        assertThat(findings(plan(Launch.DEFAULT, Map.of(), environment), rules, List.of()))
                .isEmpty();
    }

    @Test
    void theJarOfAProgramMayBeLargeAndWhatLiesBesideItMayNot() {
        LaunchPlan jar =
                StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "--class org.example.Main app.jar", Map.of());
        ProjectFile program = new ProjectFile("app.jar", 300L << 20, "", false);
        ProjectFile data = new ProjectFile("data.bin", 65L << 20, "", false);

        assertThat(objections(jar, JobRules.DEFAULT, List.of(program))).isEmpty();
        assertThat(objections(jar, JobRules.DEFAULT, List.of(program, data)))
                .singleElement()
                .satisfies(objection -> assertThat(objection.message())
                        .contains("beside the jar")
                        .doesNotContain("unchanged"));
        assertThat(objections(
                        StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "project.py", Map.of()),
                        JobRules.DEFAULT,
                        List.of(data)))
                .singleElement()
                .satisfies(objection -> assertThat(objection.message()).contains("Use layout unchanged"));
    }

    /** Beside what is said of every plan in layout split. */
    private static List<Finding> findings(LaunchPlan plan, JobRules rules, List<String> arguments) {
        return PlanRules.findings(plan, rules, List.of(), arguments).stream()
                .filter(finding -> !finding.code().equals("no-live-output"))
                .toList();
    }

    @Test
    void aSplitProjectIsSaidToHaveNoLiveOutput() {
        LaunchPlan split = StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "project.py", Map.of());
        LaunchPlan unchanged = StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CLUSTER, "project.py", Map.of());

        JobRules off = new JobRules(
                Map.of(), List.of(), Set.of(Mode.CLUSTER), null, List.of(), JobRules.DEFAULT.container(), true, false);
        assertThat(PlanRules.findings(split, JobRules.DEFAULT, List.of(), List.of()))
                .extracting(Finding::code)
                .containsExactly("no-live-output");
        assertThat(PlanRules.findings(unchanged, JobRules.DEFAULT, List.of(), List.of()))
                .isEmpty();
        assertThat(PlanRules.findings(split, off, List.of(), List.of())).isEmpty();
    }

    @Test
    void argumentsThatYarnWouldMangleAreWarnedOfWhereYarnSeesThem() {
        LaunchPlan split = new LaunchPlan(
                MemoryArtifacts.PROJECT,
                "project.py",
                List.of("fine", "{{x}}", "`id`"),
                Map.of(),
                Map.of(),
                StepArgumentsTest.plan(Layout.SPLIT, Mode.CLUSTER, "project.py", Map.of())
                        .launch());
        LaunchPlan unchanged = new LaunchPlan(
                MemoryArtifacts.PROJECT, "project.py", List.of("{{x}}"), Map.of(), Map.of(), Launch.DEFAULT);

        assertThat(findings(split, JobRules.DEFAULT, List.of()))
                .extracting(finding -> finding.code() + " " + finding.what().substring(0, 10))
                .containsExactly("argument-mangled Argument 2", "argument-mangled Argument 3");
        assertThat(findings(unchanged, JobRules.DEFAULT, List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spark.sql.streaming.checkpointLocation, chk, CLIENT, relative-checkpoint",
        "spark.sql.streaming.checkpointLocation, s3://b/chk, CLUSTER, ''"
    })
    void relativePathsInSparkSettingsAreWarnedOf(String key, String value, Mode mode, String code) {
        JobRules rules = StepArgumentsTest.rules(Runtime.YARN, List.of(), null);

        assertThat(findings(plan(Map.of(key, value), launch(mode, null)), rules, List.of()))
                .extracting(Finding::code)
                .isEqualTo(code.isEmpty() ? List.of() : List.of(code));
    }

    @ParameterizedTest
    @CsvSource({
        "spark.driver.extraClassPath, /usr/lib/x:lib/a.jar, CLUSTER, 1",
        "spark.executor.extraClassPath, lib/*, CLIENT, 1",
        "spark.executor.extraClassPath, lib, CLUSTER, 1",
        "spark.driver.extraClassPath, lib/a.jar, CLIENT, 0",
        "spark.driver.extraClassPath, a.jar:/usr/lib/hudi/*, CLUSTER, 0",
        "spark.driver.extraJavaOptions, -Xss4m -Dlog4j.configurationFile=conf/log4j2.properties, CLUSTER, 1",
        "spark.executor.extraJavaOptions, -Dlog4j.configurationFile=file:./conf/log4j2.properties, CLUSTER, 1",
        "spark.driver.extraJavaOptions, -Dlog4j.configurationFile=log4j2.properties, CLUSTER, 0",
        "spark.driver.extraJavaOptions, -Dx=conf.y -Dz=/etc/z, CLUSTER, 0"
    })
    void filesOfTheProjectThatJavaWouldNotFindAreWarnedOf(String key, String value, Mode mode, int times) {
        List<ProjectFile> project = List.of(
                new ProjectFile("lib/a.jar", 1, "0", false), new ProjectFile("conf/log4j2.properties", 1, "0", false));
        LaunchPlan plan = plan(
                Map.of(key, value, "spark.files", "conf/log4j2.properties", "spark.jars", "lib/a.jar"),
                launch(mode, null));

        assertThat(PlanRules.findings(plan, JobRules.DEFAULT, project, List.of()))
                .extracting(Finding::code)
                .isEqualTo(Collections.nCopies(times, "relative-java-path"));
    }

    @Test
    void aValueThatARuntimeRoleWouldTakeApartIsWarnedOf() {
        LaunchPlan plan = plan(Map.of("spark.driver.extraJavaOptions", "-Da=1 -Db=2"), launch(Mode.CLUSTER, ROLE));

        List<String> arguments = StepArgumentsTest.step(plan, rulesWithRoles()).arguments();

        assertThat(findings(plan, rulesWithRoles(), arguments))
                .extracting(Finding::code)
                .containsExactly("runtime-role-quoting");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a$b/main.py", "a:b/main.py", "a`b/main.py"})
    void aFolderThatYarnsScriptWouldChangeIsRefused(String entryPoint) {
        assertThat(refusals(
                        StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CLUSTER, entryPoint, Map.of()), JobRules.DEFAULT))
                .containsExactly("entryPoint");
    }

    private static JobRules rulesWithRoles() {
        return new JobRules(
                Map.of(),
                List.of(),
                Set.of(Mode.CLUSTER),
                "arn:aws:iam::123456789012:role/default",
                List.of(ROLE, "arn:aws:iam::123456789012:role/teams/*"),
                JobRules.DEFAULT.container());
    }

    private static Launch launch(Mode mode, String role) {
        return new Launch(Layout.UNCHANGED, mode, null, new Python(List.of(), null), role, FailOn.NEVER);
    }

    private static Launch container(String image) {
        return new Launch(
                Layout.UNCHANGED,
                Mode.CONTAINER,
                new Container(image),
                new Python(List.of(), null),
                null,
                FailOn.NEVER);
    }

    private static LaunchPlan plan(Map<String, String> conf, Launch launch) {
        return new LaunchPlan(MemoryArtifacts.PROJECT, "project.py", List.of(), conf, Map.of(), launch);
    }

    private static LaunchPlan plan(Launch launch, Map<String, String> conf, Map<String, String> environment) {
        return new LaunchPlan(MemoryArtifacts.PROJECT, "project.py", List.of(), conf, environment, launch);
    }

    private static List<String> refusals(LaunchPlan plan, JobRules rules) {
        return objections(plan, rules, StepArgumentsTest.FILES).stream()
                .map(Detail::at)
                .toList();
    }

    private static List<Detail> objections(LaunchPlan plan, JobRules rules, List<ProjectFile> project) {
        StepArguments step = StepArguments.of(plan, "job", StepArgumentsTest.files(plan), rules, project);
        return PlanRules.objections(plan, rules, project, step);
    }
}
