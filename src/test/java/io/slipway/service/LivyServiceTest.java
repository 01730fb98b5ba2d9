package io.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.aws.EmrStep;
import io.slipway.aws.StepScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Livy's batches whose program lies in S3, and Livy's own port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class LivyServiceTest {

    private static final String DATA = "data";
    private static final String ROLE = "arn:aws:iam::123456789012:role/team";

    private ServiceOnAws aws;
    private Service ann;
    private Service bob;
    private Service operator;
    private Service onOwnPort;
    private int ownPort;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        aws = new ServiceOnAws();
        aws.s3.withBucket(DATA);
        aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(300)));
        ownPort = freePort();
        aws.start(
                home,
                "--slipway.submission.plans.python=/bin/true",
                "--slipway.livy.enabled=true",
                "--slipway.livy.port=" + ownPort,
                "--slipway.security.tokens.ann=" + sha256("ann-token"),
                "--slipway.security.tokens.bob=" + sha256("bob-token"),
                "--slipway.security.tokens.op=" + sha256("op-token"),
                "--slipway.security.operators=op",
                "--slipway.clusters.analytics.emr.jobs.denied-spark-conf=spark.denied.*",
                "--slipway.clusters.analytics.emr.jobs.execution-role=" + ROLE,
                "--slipway.sources.s3.fetch.path-style=true",
                "--slipway.sources.s3.allow[0].prefix=s3://data/ann",
                "--slipway.sources.s3.allow[0].owners=ann");
        ann = aws.client("ann-token");
        bob = aws.client("bob-token");
        operator = aws.client("op-token");
        onOwnPort = new Service(ownPort, "ann-token");
        aws.s3.put(DATA, "ann/main.py", "print('classic')\n".getBytes(UTF_8));
        aws.s3.put(DATA, "ann/project.zip", zip());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    @Test
    @Timeout(60)
    void aPythonFileInS3IsAPlainStepOfSparkSubmit() throws Exception {
        Answer created = post(ann, "/livy/batches", """
            {"file": "s3://data/ann/main.py", "args": ["--day", 7], "name": "classic", "pyFiles": ["s3://data/ann/lib.zip"],
             "jars": ["s3://data/ann/x.jar"], "driverMemory": "2g", "conf": {"spark.sql.shuffle.partitions": 20}}\
            """);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        int id = created.json().path("id").asInt();
        assertThat(created.header("Location")).endsWith("/livy/batches/" + id);
        awaitState(ann, "/livy", id, "success");

        EmrStep step = aws.emr.steps(ServiceOnAws.CLUSTER).stream()
                .filter(each -> each.name().contains("classic"))
                .findFirst()
                .orElseThrow();
        List<String> words = step.args();
        assertThat(words.get(0)).isEqualTo("spark-submit");
        assertThat(String.join(" ", words))
                .contains("--py-files ", "s3://data/ann/lib.zip")
                .contains("s3://data/ann/x.jar")
                .contains("spark.driver.memory=2g", "spark.sql.shuffle.partitions=20")
                .doesNotContain("launcher");
        // The file as it was when the batch was taken, not as it will be.
        assertThat(words.subList(words.size() - 3, words.size()))
                .satisfies(last ->
                        assertThat(last.get(0)).startsWith("s3://artifacts/").endsWith("main.py"))
                .endsWith("--day", "7");

        Answer batch = ann.get("/livy/batches/" + id);
        assertThat(batch.json().path("appInfo").path("driverLogUrl").asString()).contains("/ui/jobs/");
        assertThat(batch.json().path("appInfo").path("sparkUiUrl").asString()).endsWith("/spark-ui");
        assertThat(ann.get("/jobs?name=classic").json().path("items").size()).isEqualTo(1);
    }

    @Test
    @Timeout(60)
    void aClassOfAJarInS3IsAPlainStepOfSparkSubmit() throws Exception {
        byte[] jar = zip();
        aws.s3.put(DATA, "ann/app-1.0.jar", jar);
        String body =
                "{\"file\": \"s3://data/ann/app-1.0.jar\", \"className\": \"org.example.Main\", \"name\": \"jar\","
                        + " \"args\": [\"a b\"], \"jars\": [\"s3://data/ann/x.jar\"]}";
        Answer created = post(ann, "/livy/batches", body);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        awaitState(ann, "/livy", created.json().path("id").asInt(), "success");
        List<String> words = aws.emr.steps(ServiceOnAws.CLUSTER).stream()
                .filter(each -> each.name().contains("jar"))
                .findFirst()
                .orElseThrow()
                .args();
        int at = words.indexOf("--class");
        assertThat(words.get(0)).isEqualTo("spark-submit");
        assertThat(words.get(at + 1)).isEqualTo("org.example.Main");
        assertThat(words.get(at + 2)).startsWith("s3://artifacts/").endsWith("_app-1.0.jar");
        assertThat(words.subList(at + 3, words.size())).containsExactly("a b");
        assertThat(words).doesNotContain("--py-files");
        String key = words.get(at + 2).substring("s3://artifacts/".length());
        assertThat(aws.s3.content(ServiceOnAws.BUCKET, key)).isEqualTo(jar);
        // What is no class, or a jar that is not the file, is refused.
        assertThat(post(ann, "/livy/batches", body.replace("org.example.Main", "org.Main other.jar"))
                        .status())
                .isEqualTo(400);
        assertThat(post(ann, "/livy/batches", body.replace("\"org.example.Main\"", "\"--conf a\""))
                        .status())
                .isEqualTo(400);
    }

    @Test
    @Timeout(60)
    void anArchiveInS3IsAWholeProject() throws Exception {
        Answer created = post(ann, "/livy/batches", "{\"file\": \"s3://data/ann/project.zip\", \"name\": \"whole\"}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        awaitState(ann, "/livy", created.json().path("id").asInt(), "success");
        assertThat(ann.get("/jobs?name=whole")
                        .json()
                        .path("items")
                        .path(0)
                        .path("source")
                        .path("uri")
                        .asString())
                .isEqualTo("s3://data/ann/project.zip");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"file\": \"s3://data/bob/main.py\"}|403",
                "{\"file\": \"s3://data/ann2/main.py\"}|403",
                "{\"file\": \"s3://artifacts/slipway/x.py\"}|403",
                "{\"file\": \"s3://data/ann/main.py\", \"jars\": [\"s3://data/bob/x.jar\"]}|403",
                "{\"file\": \"s3://data/ann/main.py\", \"files\": [\"s3://data/ann/../bob/x\"]}|400",
                "{\"file\": \"s3://data/ann/main.py\", \"conf\": {\"spark.jars\": \"s3://data/bob/x.jar\"}}|403",
                "{\"file\": \"s3://data/ann/main.py\", \"conf\": {\"spark.a\": \"x s3a://data/bob/x\"}}|403",
                "{\"file\": \"s3://data/ann/main.py\", \"conf\": {\"spark.denied.x\": \"1\"}}|400",
                "{\"file\": \"s3://data/ann/main.py\", \"conf\": {\"spark.master\": \"local\"}}|400",
                "{\"file\": \"s3://data/ann/nothing.py\"}|400",
                "{\"file\": \"s3://data/ann/main.py\", \"proxyUser\": \"bob\"}|403"
            })
    void obeysTheAllowListAndTheClustersRules(String body, int status) throws Exception {
        int before = batchesOfAll();
        Answer refused = post(ann, "/livy/batches", body);
        assertThat(refused.status()).as(refused.text()).isEqualTo(status);
        assertThat(refused.json().path("msg").asString()).isNotEmpty();
        assertThat(batchesOfAll()).isEqualTo(before);
    }

    /** Each of them failed before a batch was looked at. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "POST|/batches|none|400",
                "POST|/batches|null|400",
                "POST|/batches|[]|400",
                "GET|/batches?from=x|none|400",
                "GET|/batches?size=99999999999|none|400",
                "GET|/batches/1/log?from=%ff|none|400",
                "GET|/batches/1/nothing|none|404",
                "GET|/batches/99999|none|404",
                "PUT|/batches|{}|405",
                "DELETE|/version|none|405",
            })
    void everyRefusalIsInLivysForm(String method, String path, String body, int status) throws Exception {
        for (Service service : List.of(ann, onOwnPort)) {
            String address = (service == ann ? "/livy" : "") + path;
            // Whose form it is does not hang on what a client says that it would like to read.
            for (String accept : List.of("*/*", "text/html", "application/problem+json", "application/json")) {
                HttpRequest.Builder request =
                        service.request(address).header("Accept", accept).header("Content-Type", "application/json");
                Answer refused = service.send(request.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
                assertThat(refused.status()).as(refused.text()).isEqualTo(status);
                assertThat(refused.header("Content-Type")).as(refused.text()).isEqualTo("application/json");
                assertThat(refused.json().propertyNames()).containsExactly("msg");
                assertThat(refused.json().path("msg").asString()).isNotEmpty();
            }
        }
        assertThat(new Service(aws.port(), "wrong").get("/livy/batches").json().propertyNames())
                .containsExactly("msg");
        assertThat(new Service(ownPort, "wrong").get("/batches").json().propertyNames())
                .containsExactly("msg");
        assertThat(ann.get("/jobs?limit=x").json().propertyNames()).contains("type", "title", "status");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|200",
                "text/html|200",
                "text/plain;q=0.5|200",
                "application/vnd.livy.v0.8.0+json|200",
                "application/vnd.livy.v1.0+json|200",
                "application/vnd.livy.v99+json|406",
                "application/vnd.livy.vx+json|406"
            })
    void everybodyGetsJsonButNobodyAVersionThatThereIsNot(String accept, int status) throws Exception {
        Answer answer = ann.get("/livy/batches", "Accept", accept);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().has(status == 200 ? "sessions" : "msg")).isTrue();
    }

    @Test
    @Timeout(60)
    void aNameIsOneBatchsAtATime() throws Exception {
        String body = "{\"file\": \"s3://data/ann/main.py\", \"name\": \"one-at-a-time\"}";
        Answer first = post(ann, "/livy/batches", body, "Idempotency-Key", "airflow-1");
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        int id = first.json().path("id").asInt();
        assertThat(post(ann, "/livy/batches", body, "Idempotency-Key", "airflow-1")
                        .json()
                        .path("id")
                        .asInt())
                .isEqualTo(id);
        Answer second = post(ann, "/livy/batches", body);
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.json().path("msg").asString())
                .isEqualTo("Rejected, Reason: Duplicate session name: one-at-a-time for session " + id);
        assertThat(ann.get("/livy/batches/one-at-a-time").json().path("id").asInt())
                .isEqualTo(id);
        awaitState(ann, "/livy", id, "success");
        assertThat(post(ann, "/livy/batches", body).status()).isEqualTo(201);
    }

    /** As Airflow reads them: a hundred lines at a time, and one request past the end. */
    @Test
    @Timeout(60)
    void logsArePagedAsLivyDoesIt() throws Exception {
        Answer created = post(ann, "/livy/batches", "{\"file\": \"s3://data/ann/main.py\", \"name\": \"paged\"}");
        int id = created.json().path("id").asInt();
        assertThat(created.json().path("appInfo").propertyNames())
                .containsExactlyInAnyOrder("driverLogUrl", "sparkUiUrl", "executorLogUrls");
        awaitState(ann, "/livy", id, "success");
        String log = "/livy/batches/" + id + "/log";
        int total = ann.get(log).json().path("total").asInt();
        assertThat(total).isPositive();
        assertThat(ann.get(log + "?from=0&size=-1").json().path("log")).hasSize(total);
        assertThat(ann.get(log + "?size=1").json().path("from").asInt()).isEqualTo(total - 1);
        Answer beyond = ann.get(log + "?from=" + (total + 100) + "&size=100");
        assertThat(beyond.json().path("log")).isEmpty();
        assertThat(beyond.json().path("from").asInt()).isEqualTo(total + 100);
        assertThat(beyond.json().path("total").asInt()).isEqualTo(total);
    }

    private int batchesOfAll() throws Exception {
        return operator.get("/livy/batches").json().required("total").asInt();
    }

    @Test
    void anOperatorActsForWhoMayHaveIt() throws Exception {
        String body = "{\"file\": \"s3://data/ann/main.py\", \"proxyUser\": \"ann\", \"name\": \"for-ann\"}";
        assertThat(post(bob, "/livy/batches", body).status()).isEqualTo(403);
        Answer created = post(operator, "/livy/batches", body);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.json().path("owner").asString()).isEqualTo("ann");
        assertThat(post(operator, "/livy/batches", body.replace("\"ann\"", "\"bob\""))
                        .status())
                .as("what bob may not have is not had for him")
                .isEqualTo(403);
    }

    @Test
    @Timeout(60)
    void itsOwnPortHasBatchesAtTheRootAndNothingElse() throws Exception {
        Answer created = post(onOwnPort, "/batches", "{\"file\": \"s3://data/ann/main.py\", \"name\": \"own-port\"}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        int id = created.json().path("id").asInt();
        assertThat(created.header("Location")).isEqualTo("/batches/" + id);
        awaitState(onOwnPort, "", id, "success");
        assertThat(onOwnPort
                        .get("/batches/" + id)
                        .json()
                        .path("appInfo")
                        .path("driverLogUrl")
                        .asString())
                .contains(":" + aws.port() + "/ui/jobs/");
        assertThat(onOwnPort.get("/batches?size=1").json().path("sessions").size())
                .isEqualTo(1);
        assertThat(onOwnPort.get("/version").status()).isEqualTo(200);
        assertThat(onOwnPort.get("/sessions").status()).isEqualTo(404);
        for (String path : List.of(
                "/jobs",
                "/",
                "/ui/jobs",
                "/livy/batches",
                "/actuator/health",
                "/batches/../jobs",
                "/batches;x/../../jobs",
                "/batches/%2e%2e/jobs",
                "/batchesx")) {
            assertThat(onOwnPort.get(path).status()).as(path).isBetween(400, 404);
        }
        Service nobody = new Service(ownPort, "wrong");
        assertThat(nobody.get("/batches").status()).isEqualTo(401);
        assertThat(ann.get("/batches").status()).isEqualTo(404);
    }

    private static void awaitState(Service service, String prefix, int id, String wanted) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(45))
                .until(() -> service.get(prefix + "/batches/" + id + "/state")
                        .json()
                        .path("state")
                        .asString()
                        .equals(wanted));
    }

    private static Answer post(Service service, String path, String body, String... headers) throws Exception {
        return service.send(
                service.request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                headers);
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write("print('whole')\n".getBytes(UTF_8));
            zip.putNextEntry(new ZipEntry("conf/x.ini"));
            zip.write("[x]".getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    private static String sha256(String token) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    }
}
