package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.EmrStep;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The example projects, from POST /plans and POST /jobs to the step that EMR gets, on the simulated EMR and S3. */
@Tag("full")
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "slipway.artifacts.s3.bucket=my-bucket",
            "slipway.artifacts.s3.path-style=true",
            "slipway.clusters.analytics.emr.cluster-id=j-2AXXXXXXGAPLF",
            "slipway.clusters.analytics.emr.step-concurrency=10",
            "slipway.clusters.by-id.emr.cluster-ids=j-RAW*",
            "slipway.default-cluster=analytics",
            "slipway.clusters.old.emr.cluster-id=j-2OLD",
            "slipway.clusters.old.emr.jobs.allow-modes=container",
            "slipway.clusters.old.emr.jobs.container.registries=docker.io/team",
            "slipway.clusters.analytics.emr.jobs.allow-modes=cluster,client,container",
            "slipway.clusters.analytics.emr.jobs.spark-conf.spark.executor.memoryOverhead=1g",
            "slipway.clusters.analytics.emr.jobs.denied-spark-conf=spark.dynamicAllocation.*",
            "slipway.clusters.analytics.emr.jobs.container.registries=123456789012.dkr.ecr.eu-central-1.amazonaws.com"
        })
@DirtiesContext
class ExampleStepsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path EXAMPLES = Path.of("examples");
    private static final String GOLDEN = "/io/slipway/compute/emr/launch/steps/examples/";

    private static AwsEnvironment aws;
    private static SimulatedEmr emr;
    private static SimulatedS3 s3;

    @TempDir
    static Path home;

    @DynamicPropertySource
    static void connect(DynamicPropertyRegistry registry) throws IOException {
        s3 = SimulatedS3.start().withBucket("my-bucket");
        emr = SimulatedEmr.start(Clock.systemUTC())
                .withCluster("j-2AXXXXXXGAPLF", 10, null)
                .withCluster("j-RAWONE", 10, null)
                .withCluster("j-2OLD", 10, null)
                .released("j-2OLD", "emr-5.36.0");
        emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(100)));
        aws = new AwsEnvironment()
                .withS3(s3.endpoint())
                .with("aws.endpointUrlEmr", emr.endpoint().toString());
        registry.add("slipway.home", home::toString);
    }

    @LocalServerPort
    private int port;

    private Service service;

    @BeforeEach
    void connect() {
        service = new Service(port, null);
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    /**
     * <ul>
     *   <li>normal-squares: the project as it is, in cluster mode.
     *   <li>client-report: {@code mode: client}; EMR runs our program, whose spark-submit is in the launch file.
     *   <li>container-scores: {@code mode: container}; the cluster's form with an image for driver and executors.
     *   <li>split-lookup: {@code layout: split}; entry file, modules and table apart, arguments in the step.
     * </ul>
     */
    @ParameterizedTest
    @ValueSource(strings = {"normal-squares", "client-report", "container-scores", "split-lookup"})
    void anExampleBecomesTheStepOfItsGoldenFile(String example) throws Exception {
        // Nothing is built on clusters that are simulated as far as the service sees them.
        Answer answer = service.post(
                Form.project(example + ".zip", zip(EXAMPLES.resolve(example))).field("requirements", "none"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String key = answer.json().path("id").asString() + "-1";
        String project = answer.json().path("spec").path("project").asString().substring(7);

        EmrStep step = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> emr.steps("j-2AXXXXXXGAPLF").stream()
                                .filter(each -> each.name().contains(key))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();

        // On the primary node the spark-submit is in the launch file.
        JsonNode launch = JSON.readTree(s3.content("my-bucket", "slipway/launches/launch_" + key + ".json"));
        Object shown = launch.has("primaryNode")
                ? Map.of(
                        "Args",
                        step.args(),
                        "sparkSubmit",
                        launch.path("primaryNode").path("sparkSubmit"))
                : step.args();
        String actual = JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(shown)
                .replace(key, "01JH0000000000000000000001-1")
                .replace(project, "<project>")
                .replace(project.substring(0, 32), "<half of project>")
                .replaceAll("(slipway_(launcher|live|daemon|primary_node))_[0-9a-f]{16}", "$1_0123456789abcdef");
        Path copy = Path.of("target/steps/examples", example + ".json");
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, actual + "\n");
        try (InputStream golden = getClass().getResourceAsStream(GOLDEN + example + ".json")) {
            assertThat(golden).as("golden file of " + example).isNotNull();
            assertThat(JSON.readTree(actual)).isEqualTo(JSON.readTree(golden));
        }
        assertThat(service.end(answer.json().path("id").asString())
                        .path("state")
                        .asString())
                .isEqualTo("SUCCEEDED");
        for (String uri : staged(String.join(" ", step.args()))) {
            assertThat(s3.keys("my-bucket")).contains(uri);
        }
    }

    /** Keys of the bucket that a step names. */
    private static List<String> staged(String arguments) {
        return java.util.regex.Pattern.compile("s3://my-bucket/([^#, \"]+)")
                .matcher(arguments)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void aPlanShowsTheStepBeforeItRunsAndKeepsTheProject() throws Exception {
        Answer plan = plan(Form.project("x.zip", zip(EXAMPLES.resolve("split-lookup")))
                .field("name", "only-planned")
                .field("layout", "unchanged")
                .field("environment", "TOKEN=s3cr3t")
                .field("arguments", "FR"));

        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        JsonNode json = plan.json();
        assertThat(plan.text()).doesNotContain("s3cr3t").contains("\"TOKEN\":\"***\"");
        assertThat(json.path("commandLine").asString()).startsWith("spark-submit --deploy-mode cluster --name ");
        assertThat(json.path("problems").size()).isZero();
        assertThat(json.path("launch").path("layout").asString()).isEqualTo("unchanged");
        assertThat(json.path("files").get(0).path("target").asString()).startsWith("slipway-project/");
        assertThat(emr.steps("j-2AXXXXXXGAPLF")).noneMatch(step -> step.name().startsWith("only-planned"));

        Answer job =
                service.post(new Form().field("project", json.path("project").asString()));
        assertThat(job.status()).as(job.text()).isEqualTo(202);
        assertThat(service.end(job.json().path("id").asString()).path("state").asString())
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void normalSquaresNamesTheMasterThatTheClusterHas() throws Exception {
        byte[] project = zip(EXAMPLES.resolve("normal-squares"));

        assertThat(warnings(Form.project("x.zip", project))).isEmpty();
        assertThat(warnings(Form.project("x.zip", project)
                        .file(
                                "config",
                                "data/data_source.ini",
                                Files.readAllBytes(EXAMPLES.resolve("normal-squares/local.ini")))))
                .containsExactly("config-master");
    }

    private List<String> warnings(Form form) throws Exception {
        Answer plan = plan(form);
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        return plan.json()
                .path("findings")
                .valueStream()
                .filter(finding -> finding.path("severity").asString().equalsIgnoreCase("warning"))
                .map(finding -> finding.path("code").asString())
                .toList();
    }

    @Test
    void aClientPlanShowsTheFilesBelowTheWorkingDirectoryOfItsDriver() throws Exception {
        Answer plan = plan(
                Form.project("x.zip", zip(EXAMPLES.resolve("client-report"))).field("name", "client-plan"));

        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        plan.json()
                .path("files")
                .forEach(file -> assertThat(file.path("target").asString())
                        .isEqualTo(file.path("path").asString()));
    }

    @Test
    void anEnvironmentThatCameWithTheRequestTravelsWithTheRun() throws Exception {
        byte[] packed = environment("bin/python");
        Answer plan = plan(Form.script("print('plan')\n")
                .field("name", "env-plan")
                .file("pythonEnvironment", "env.tar.gz", packed));
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        String id = plan.json().path("launch").path("pythonEnvironment").asString();
        assertThat(id).startsWith("sha256:");

        Answer job = service.post(new Form()
                .field("project", plan.json().path("project").asString())
                .field("name", "env-job")
                .field("pythonEnvironment", id));
        assertThat(job.status()).as(job.text()).isEqualTo(202);
        assertThat(service.end(job.json().path("id").asString()).path("state").asString())
                .isEqualTo("SUCCEEDED");

        String key = "slipway/environments/environment_" + id.substring(7) + ".tar.gz";
        EmrStep step = emr.steps("j-2AXXXXXXGAPLF").stream()
                .filter(each -> each.name().startsWith("env-job"))
                .findFirst()
                .orElseThrow();
        assertThat(String.join(" ", step.args()))
                .contains("s3://my-bucket/" + key + "#environment")
                .contains("spark.pyspark.python=./environment/bin/python");
        assertThat(s3.keys("my-bucket")).contains(key);
    }

    @Test
    void anEnvironmentThatCannotStartPythonIsRefused() throws Exception {
        Answer empty = service.post(
                Form.script("print()\n").file("pythonEnvironment", "env.tar.gz", environment("lib/python3.9/site.py")));
        assertThat(empty.status()).isEqualTo(422);
        assertThat(empty.text()).contains("bin/python").contains("venv-pack");

        Answer noTar = service.post(Form.script("print()\n").file("pythonEnvironment", "env.tar.gz", new byte[100]));
        assertThat(noTar.status()).isEqualTo(422);
        assertThat(noTar.text()).contains("not a readable .tar.gz");

        Answer unknown = service.post(Form.script("print()\n").field("pythonEnvironment", "sha256:" + "0".repeat(64)));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text()).contains("You have sent no environment of this id");
    }

    @Test
    void whatAnEnvironmentWantsIsComparedWithTheClustersRelease() throws Exception {
        byte[] packed = environment("bin/python", "/home/me/python3", "lib/python2.1/site-packages");

        // The release is known as soon as the cluster was looked at.
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer plan = plan(Form.script("print()\n").file("pythonEnvironment", "env.tar.gz", packed));
            assertThat(plan.status()).as(plan.text()).isEqualTo(200);
            assertThat(plan.json().path("findings").findValuesAsString("code"))
                    .contains("environment-interpreter-outside", "environment-python-version");
        });
        String id = plan(Form.script("print()\n").file("pythonEnvironment", "env.tar.gz", packed))
                .json()
                .path("launch")
                .path("pythonEnvironment")
                .asString();
        Answer named = plan(Form.script("print(2)\n").field("pythonEnvironment", id));
        assertThat(named.json().path("findings").findValuesAsString("code"))
                .as("named by its id")
                .contains("environment-interpreter-outside", "environment-python-version")
                .doesNotContain("environment-not-looked-at");
    }

    @Test
    void aPlanSaysThatNobodyHasLookedIntoAnEnvironmentOfTheCallersBucket() throws Exception {
        Answer plan = plan(Form.script("print()\n").field("pythonEnvironment", "s3://theirs/env.tar.gz"));

        assertThat(plan.json().path("findings"))
                .filteredOn(finding -> finding.path("code").asString().equals("environment-not-looked-at"))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.path("severity").asString()).isEqualTo("INFO"));
    }

    static byte[] environment(String member) throws IOException {
        return environment(member, "/usr/bin/python3");
    }

    /** As venv-pack does it: the interpreter is a link. */
    private static byte[] environment(String member, String interpreter, String... folders) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            TarArchiveEntry link = new TarArchiveEntry(member, TarConstants.LF_SYMLINK);
            link.setLinkName(interpreter);
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            for (String folder : folders) {
                tar.putArchiveEntry(new TarArchiveEntry(folder + "/"));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aJobMayNameAClusterByAnIdThatASettingAllows() throws Exception {
        Answer job = service.post(Form.script("print()\n").field("cluster", "j-RAWONE"));
        assertThat(job.status()).as(job.text()).isEqualTo(202);
        assertThat(service.end(job.json().path("id").asString()).path("state").asString())
                .isEqualTo("SUCCEEDED");
        assertThat(emr.steps("j-RAWONE")).hasSize(1);

        Answer refused = service.post(Form.script("print()\n").field("cluster", "j-OTHER"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("cluster-ids");
        assertThat(service.post(Form.script("print()\n").field("cluster", "by-id"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void whatTheClusterRefusesIsToldByThePlanAndRefusedAtSubmission() throws Exception {
        Form form = Form.script("print()\n")
                .field("sparkConf", "spark.dynamicAllocation.enabled=false")
                .field("sparkConf", "spark.master=local");

        Answer refused = service.post(form);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem()).isEqualTo("not-allowed");
        assertThat(refused.json().path("errors").findValuesAsString("at"))
                .containsExactlyInAnyOrder("sparkConf.spark.dynamicAllocation.enabled", "sparkConf.spark.master");
        Answer plan = plan(form);
        assertThat(plan.status()).isEqualTo(200);
        assertThat(plan.json().path("problems").size()).isEqualTo(2);
    }

    @Test
    void anOldReleaseRefusesImagesAtSubmission() throws Exception {
        Form form = Form.script("print()\n")
                .field("cluster", "old")
                .field("mode", "container")
                .field("container", "image=team/scores:1");
        JsonNode problems = await().atMost(Duration.ofSeconds(30))
                .until(() -> plan(form).json().path("problems"), found -> !found.isEmpty());
        assertThat(problems.get(0).path("at").asString()).isEqualTo("mode");

        Answer refused = service.post(form);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem()).isEqualTo("not-allowed");
        assertThat(refused.text()).contains("EMR 6.1", "emr-5.36.0");
    }

    @Test
    void findingsWarnAndFailOnWarningRefuses() throws Exception {
        String source = "from pyspark import SparkConf\nprint(SparkConf().setMaster('local[*]'))\n";

        Answer plan = plan(Form.script(source));
        assertThat(plan.json().path("findings").get(0).path("code").asString()).isEqualTo("local-master");
        assertThat(plan.json().path("findings").get(0).path("line").asInt()).isEqualTo(2);
        Answer refused = service.post(Form.script(source).field("failOn", "warning"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem()).isEqualTo("findings");
        assertThat(refused.text()).contains("main.py:2");
        assertThat(service.post(Form.script("print()\n").field("failOn", "warning"))
                        .status())
                .isEqualTo(202);
    }

    private Answer plan(Form form) throws Exception {
        return service.send(service.request("/plans")
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));
    }

    private static byte[] zip(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
                zip.write(Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }
}
