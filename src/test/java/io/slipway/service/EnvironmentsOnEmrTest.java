package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.ClusterScript;
import io.slipway.aws.EmrStep;
import io.slipway.aws.PrimaryNodes;
import io.slipway.aws.SimulatedEmr.MadeCluster;
import io.slipway.aws.StepScript;
import io.slipway.environments.DataWheels;
import io.slipway.environments.PackageIndex;
import io.slipway.environments.Wheel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Projects with requirements on an EMR cluster, whose builds run for real: our program, pip, and an index that wants a login. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnvironmentsOnEmrTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:index-AbCdEf";

    private final PackageIndex index = PackageIndex.withLogin()
            .with(
                    Wheel.of("lib_a", "1.0")
                            .requires("lib_b>=2")
                            .script("lib-a", "lib_a:main")
                            .file("lib_a.py", "VERSION = '1.0'\ndef main():\n    print('from lib-a')\n"),
                    Wheel.of("lib_a", "2.0").requires("lib_b>=3"),
                    Wheel.of("lib_b", "2.5"));

    private Path folder;
    private ServiceOnAws aws;
    private PrimaryNodes nodes;
    private Service client;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        folder = home;
        aws = new ServiceOnAws();
        aws.emr.script(name -> runs(name) ? StepScript.runsLong() : StepScript.succeedsAfter(Duration.ofMillis(300)));
        nodes = new PrimaryNodes(aws.emr, aws.s3, home.resolve("nodes"), EnvironmentsOnEmrTest::runs)
                .program("spark-submit", sparkSubmit())
                .with(
                        "STUB_PYSPARK",
                        Path.of("src/test/resources/stub-pyspark")
                                .toAbsolutePath()
                                .toString())
                .with("LOGS", "s3://" + ServiceOnAws.BUCKET + "/logs")
                .file(
                        "secretsmanager",
                        "{\"username\":\"" + PackageIndex.USER + "\",\"password\":\"" + PackageIndex.PASSWORD + "\"}");
        aws.emr.clusterScript(name -> ClusterScript.readyAfter(Duration.ofSeconds(1)));
        index.with(DataWheels.all());
        String template = "--slipway.clusters.made.emr.template.";
        String squares = "--slipway.clusters.squares.emr.template.";
        aws.start(
                home.resolve("home"),
                "--slipway.default-cluster=analytics",
                template + "release=emr-7.14.0",
                template + "instances.primary=m7g.xlarge",
                template + "instances.core.type=m7g.xlarge",
                template + "instances.core.count=2",
                template + "most=2",
                template + "per=job",
                template + "log-uri=s3://" + ServiceOnAws.BUCKET + "/logs/",
                squares + "release=emr-7.14.0",
                squares + "instances.primary=m7g.xlarge",
                squares + "arrow=true",
                squares + "python.packages=six",
                squares + "per=job",
                squares + "log-uri=s3://" + ServiceOnAws.BUCKET + "/logs/",
                "--slipway.compute.emr.cluster-age=1s",
                "--slipway.compute.emr.budget.list-clusters.per-second=10",
                "--slipway.environments.index-url=" + index.url(),
                "--slipway.environments.emr.credentials=" + SECRET,
                "--slipway.environments.network-timeout=1s",
                "--slipway.compute.emr.pace=300ms",
                "--slipway.compute.emr.budget.describe-cluster.per-second=10",
                "--slipway.compute.emr.budget.add-job-flow-steps.per-second=10",
                "--slipway.compute.emr.budget.list-steps.per-second=10");
        client = aws.client(null);
    }

    @AfterAll
    void stop() throws Exception {
        nodes.close();
        aws.close();
        index.close();
    }

    @Test
    void aProjectWithRequirementsRunsInAnEnvironmentThatTheClusterBuilt() throws Exception {
        String id =
                submit(Form.script("import lib_a").file("requirementsFile", "requirements.txt", bytes("lib_a==1.0\n")));

        JsonNode waits = until(id, "waitingFor.kind", "environment");
        assertThat(waits.path("state").asString()).isEqualTo("QUEUED");
        JsonNode ended = end(id);
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("attempt").asInt()).isEqualTo(1);

        List<EmrStep> steps = aws.emr.steps(ServiceOnAws.CLUSTER);
        EmrStep build =
                steps.stream().filter(step -> isBuild(step.name())).findFirst().orElseThrow();
        EmrStep run = steps.stream()
                .filter(step -> step.name().contains(id))
                .findFirst()
                .orElseThrow();
        assertThat(run.args()).contains("spark.pyspark.python=./environment/bin/python");
        String archives = run.args().get(run.args().indexOf("--archives") + 1);
        String uri = archives.replaceFirst(".*(s3://[^,#]*/environments/[^,#]*)#environment.*", "$1");
        assertThat(unpackedRuns(uri)).isEqualTo("1.0 2.5\nfrom lib-a\n");

        JsonNode environment = environmentOf(id);
        assertThat(environment.path("state").asString()).isEqualTo("READY");
        assertThat(environment.path("packages").toString()).contains("lib_b", "2.5");
        assertThat(log(environment)).contains("pip:", "The environment is ready");
        assertThat(Files.list(nodes.folder(build))
                        .map(path -> path.getFileName().toString()))
                .containsExactly("slipway_environment.zip");
        assertThat(aws.s3.keys(ServiceOnAws.BUCKET))
                .noneMatch(key -> key.startsWith("slipway/builds/") && key.endsWith("environment.tar.gz"));
        secretIsNowhere(build);
    }

    @Test
    void whatCannotBeResolvedEndsTheJobWithPipsOwnWords() throws Exception {
        String id = submit(Form.script("print(1)").file("requirementsFile", "requirements.txt", bytes("lib_a==2.0\n")));

        JsonNode ended = end(id);

        assertThat(ended.path("state").asString()).isEqualTo("FAILED");
        assertThat(ended.path("reason").path("code").asString()).isEqualTo("ENVIRONMENT_FAILED");
        assertThat(ended.path("reason").path("message").asString())
                .contains("lib_b>=3")
                .contains("ERROR:");
        assertThat(ended.path("runs").isEmpty()).isTrue();
        assertThat(aws.emr.steps(ServiceOnAws.CLUSTER))
                .noneMatch(step -> step.name().contains(id));
    }

    @Test
    void whereNoClusterIsOneIsOrderedForTheBuildAndTheJobFollowsThere() throws Exception {
        String id = submit(Form.script("import lib_b")
                .field("cluster", "made")
                .file("requirementsFile", "requirements.txt", bytes("lib_b==2.5\n")));

        JsonNode ended = end(id);

        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        assertThat(made("made"))
                .singleElement()
                .satisfies(made -> assertThat(aws.emr.steps(made.id()))
                        .extracting(EmrStep::name)
                        .satisfiesExactly(
                                build -> assertThat(isBuild(build)).isTrue(),
                                run -> assertThat(run).contains(id)));
    }

    /**
     * The whole way of the first example, by one POST, where there is nothing. Real: the service, the builder and pip, the packed
     * environment and its Python, our launcher, the project; NumPy and pandas where {@link DataWheels} finds them. Not real: EMR and
     * S3, the machines that a bootstrap action would run on, Spark (SQLite), YARN (one folder), PyArrow.
     */
    @Test
    void onePostTakesTheFirstExampleFromNothingToItsResult() throws Exception {
        String id = submit(Form.project("normal-squares.zip", zip(Path.of("examples/normal-squares")))
                .field("name", "normal-squares")
                .field("cluster", "squares"));

        JsonNode ended = end(id);

        assertThat(ended.path("state").asString())
                .as(ended + log(environmentOf(id)))
                .isEqualTo("SUCCEEDED");
        JsonNode environment = environmentOf(id);
        assertThat(environment.path("packages").findValuesAsString("name")).contains("numpy", "pandas", "pyarrow");
        MadeCluster cluster = made("squares").get(0);
        assertThat(aws.emr.steps(cluster.id()))
                .extracting(EmrStep::name)
                .satisfiesExactly(
                        build -> assertThat(isBuild(build)).isTrue(),
                        run -> assertThat(run).contains(id));
        String printed = await().atMost(SOON)
                .until(() -> client.get("/jobs/" + id + "/logs/stdout").text(), text -> text.contains("largest"));
        assertThat(printed).startsWith("Spark stub\n").contains("samples:       10000\n", "(expected: about 20.0000)");
        double meanSquare = Double.parseDouble(printed.replaceAll("(?s).*mean square:\\s+([0-9.]+).*", "$1"));
        assertThat(meanSquare).isBetween(18.8, 21.2);
        assertThat(printed).doesNotContain("Arrow optimization");
        await().atMost(SOON)
                .until(
                        () -> made("squares"),
                        all -> all.size() == 1 && all.get(0).state().startsWith("TERMINAT"));
    }

    private List<MadeCluster> made(String cluster) {
        return aws.emr.madeClusters().stream()
                .filter(made -> made.name().contains("-" + cluster + "-"))
                .toList();
    }

    private static String sparkSubmit() throws IOException {
        return Files.readString(Path.of("src/test/resources/io/slipway/aws/spark-submit.py"));
    }

    private static byte[] zip(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }

    /** Steps that run for real. */
    private static boolean runs(String step) {
        return isBuild(step) || step.startsWith("normal-squares");
    }

    private static boolean isBuild(String step) {
        return step.startsWith("Slipway environment ");
    }

    /** Somewhere else than where it was built, and by its own Python. */
    private String unpackedRuns(String uri) throws Exception {
        Path to = Files.createDirectories(folder.resolve("elsewhere/environment"));
        Path archive = folder.resolve("fetched.tar.gz");
        Files.write(archive, aws.s3.content(ServiceOnAws.BUCKET, uri.replaceFirst("s3://[^/]+/", "")));
        run(List.of("tar", "xzf", archive.toString(), "-C", to.toString()));
        String imports = run(List.of(
                to.resolve("bin/python").toString(), "-c", "import lib_a, lib_b; print(lib_a.VERSION, lib_b.VERSION)"));
        return imports + run(List.of(to.resolve("bin/lib-a").toString()));
    }

    private String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private void secretIsNowhere(EmrStep build) throws IOException {
        assertThat(build.args().toString() + nodes.output(build) + nodes.awsCalls())
                .doesNotContain(PackageIndex.PASSWORD);
        for (String key : aws.s3.keys(ServiceOnAws.BUCKET)) {
            assertThat(new String(aws.s3.content(ServiceOnAws.BUCKET, key), StandardCharsets.ISO_8859_1))
                    .as(key)
                    .doesNotContain(PackageIndex.PASSWORD);
        }
    }

    private JsonNode environmentOf(String job) throws Exception {
        JsonNode newest = client.get("/environments").json().path("items").get(0);
        return client.get("/environments/" + newest.path("id").asString()).json();
    }

    private String log(JsonNode environment) throws Exception {
        return client.get("/environments/" + environment.path("id").asString() + "/log")
                .text();
    }

    private String submit(Form form) throws Exception {
        Answer answer = client.post(form);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("id").asString();
    }

    private JsonNode end(String id) throws Exception {
        await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
            aws.emr.advance();
            return !job(id).path("endedAt").isNull();
        });
        return job(id);
    }

    private JsonNode until(String id, String path, String value) throws Exception {
        await().atMost(SOON).pollInterval(Duration.ofMillis(100)).until(() -> {
            JsonNode found = job(id);
            for (String name : path.split("\\.")) {
                found = found.path(name);
            }
            return found.asString("").equals(value);
        });
        return job(id);
    }

    private JsonNode job(String id) throws Exception {
        return client.get("/jobs/" + id).json();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
