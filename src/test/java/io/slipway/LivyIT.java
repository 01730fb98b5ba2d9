package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.SimulatedS3;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls that Airflow's LivyHook makes, in its order and with its checks, against the real jar, which is killed in between. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LivyIT {

    private static final String TOKEN = "livy-token";
    private static final String OTHER = "others-token";

    /** What the hook knows; anything else is a ValueError there. */
    private static final Set<String> STATES = Set.of(
            "not_started",
            "starting",
            "running",
            "idle",
            "busy",
            "shutting_down",
            "error",
            "dead",
            "killed",
            "success");

    private static final Set<String> TERMINAL = Set.of("success", "dead", "killed", "error");

    private final HttpClient http = HttpClient.newHttpClient();

    private Path folder;
    private SimulatedS3 s3;
    private int ownPort;
    private ServiceProcess service;

    /** Where {@code /batches} is. */
    private String root;

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        folder = shared;
        s3 = SimulatedS3.start().withBucket("data");
        try (ServerSocket free = new ServerSocket(0)) {
            ownPort = free.getLocalPort();
        }
        service = new ServiceProcess(
                        ServiceJar.file(),
                        folder.resolve("home"),
                        "slipway.livy.enabled=true",
                        "slipway.livy.port=" + ownPort,
                        "slipway.sources.s3.fetch.path-style=true",
                        "slipway.sources.s3.allow[0].prefix=s3://data/airflow",
                        "slipway.sources.s3.allow[0].owners=airflow",
                        "slipway.security.tokens.airflow=" + sha256(TOKEN),
                        "slipway.security.tokens.other=" + sha256(OTHER))
                .withToken(TOKEN)
                .withEnvironment(Map.of(
                        "AWS_ENDPOINT_URL_S3",
                        s3.endpoint().toString(),
                        "AWS_REGION",
                        SimulatedS3.REGION,
                        "AWS_ACCESS_KEY_ID",
                        "test",
                        "AWS_SECRET_ACCESS_KEY",
                        "test"))
                .start();
    }

    @AfterAll
    void stop() throws InterruptedException {
        service.close();
        s3.close();
    }

    @BeforeEach
    void askBelowLivy() {
        root = service.url() + "/livy";
    }

    /** A project that was stored before, by the service's port; and a file in S3, by Livy's own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTaskOfAirflowGoesOnWhileTheServiceIsKilledAndStarted(boolean isInS3) throws Exception {
        root = isInS3 ? "http://127.0.0.1:" + ownPort : root;
        Path go = folder.resolve("go-" + isInS3);
        String program = "import os, sys, time\nprint('first', sys.argv[1:], flush=True)\n"
                + "until = time.monotonic() + 120\nwhile not os.path.exists('" + go
                + "') and time.monotonic() < until: time.sleep(0.05)\n"
                + "[print('line', i) for i in range(250)]\n";
        String name = "nightly-" + isInS3;
        s3.put("data", "airflow/nightly.py", program.getBytes(StandardCharsets.UTF_8));
        String file = isInS3 ? "s3://data/airflow/nightly.py" : stored(program);
        String body = "{\"file\": \"" + file + "\", \"args\": [\"--day\", \"2026-11-29\"], \"name\": \"" + name + "\","
                + " \"conf\": {\"spark.sql.shuffle.partitions\": 20}}";
        HttpResponse<String> created = send("POST", "/batches", body, "Idempotency-Key", "dag-run-" + name);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        int id = json(created).path("id").asInt(-1);
        assertThat(id).isPositive();
        assertThat(created.headers().firstValue("Location")).contains((isInS3 ? "" : "/livy") + "/batches/" + id);

        // The operator reads it at once when its polling interval is 0.
        assertThat(json(get("/batches/" + id)).has("appId")).isTrue();
        awaitState(id, "running");

        service.kill();
        service.awaitEnd();
        service.start();

        // A retry of the task reads the state of the id that it had stored; one that sends the same again gets the
        // same.
        assertThat(state(id)).isNotIn(TERMINAL);
        assertThat(json(send("POST", "/batches", body, "Idempotency-Key", "dag-run-" + name))
                        .path("id")
                        .asInt())
                .isEqualTo(id);
        Files.createFile(go);
        awaitState(id, "success");
        List<String> log = dumpedLog(id);
        assertThat(log).contains("first ['--day', '2026-11-29']", "line 0", "line 249");
        assertThat(service.jobs())
                .filteredOn(job -> job.path("name").asString().equals(name))
                .hasSize(1);
    }

    @Test
    void aTaskThatIsStoppedDeletesItsBatchAndCanStillReadIt() throws Exception {
        int id = created(stored("import time\ntime.sleep(120)\n"));
        awaitState(id, "running");
        HttpResponse<String> deleted = send("DELETE", "/batches/" + id, null);
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(json(deleted).path("msg").asString()).isEqualTo("deleted");
        awaitState(id, "killed");
        assertThat(send("DELETE", "/batches/" + id, null).statusCode()).isEqualTo(200);
        JsonNode page = json(get("/batches?from=0&size=1"));
        assertThat(page.path("sessions").size()).isEqualTo(1);
        assertThat(page.path("total").asInt()).isPositive();
    }

    @Test
    void whatFailsIsDead() throws Exception {
        int id = created(stored("raise SystemExit(3)\n"));
        awaitState(id, "dead");
    }

    @Test
    void refusalsHaveLivysForm() throws Exception {
        assertThat(json(get("/batches/999999")).path("msg").asString()).isEqualTo("Session '999999' not found.");
        assertThat(get("/batches/999999/state").statusCode()).isEqualTo(404);
        HttpResponse<String> wrong = send("POST", "/batches", "{\"file\": \"hdfs:///job.py\"}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(json(wrong).path("msg").asString()).startsWith("Rejected, Reason: ");
        HttpResponse<String> sessions = send("POST", "/sessions", "{\"kind\": \"pyspark\"}");
        assertThat(sessions.statusCode()).isEqualTo(404);
        assertThat(sessions.body()).contains("no interactive sessions");
    }

    @Test
    void nobodySeesOrBecomesSomebodyElse() throws Exception {
        String file = stored("print(1)\n");
        int id = created(file);
        String other = "Basic " + Base64.getEncoder().encodeToString(("x:" + OTHER).getBytes(StandardCharsets.UTF_8));
        assertThat(sendAs(other, "GET", "/batches/" + id, null).statusCode()).isEqualTo(404);
        assertThat(sendAs(other, "DELETE", "/batches/" + id, null).statusCode()).isEqualTo(404);
        assertThat(json(sendAs(other, "GET", "/batches", null)).path("total").asInt())
                .isZero();
        assertThat(sendAs(other, "POST", "/batches", "{\"file\": \"" + file + "\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(sendAs(other, "POST", "/batches?doAs=airflow", "{\"file\": \"" + file + "\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(sendAs("Bearer wrong", "GET", "/batches", null).statusCode()).isEqualTo(401);
    }

    /** As the hook's {@code dump_batch_logs}: a hundred at a time, to one page past the end. */
    private List<String> dumpedLog(int id) throws Exception {
        List<String> lines = new ArrayList<>();
        int total = Integer.MAX_VALUE;
        for (int from = 0; from <= total; from += 100) {
            HttpResponse<String> page = get("/batches/" + id + "/log?from=" + from + "&size=100");
            assertThat(page.statusCode()).isEqualTo(200);
            JsonNode log = json(page);
            assertThat(log.path("log").isArray()).isTrue();
            total = log.path("total").asInt(-1);
            assertThat(total).isNotNegative();
            log.path("log").forEach(line -> lines.add(line.asString()));
        }
        assertThat(json(get("/batches/" + id + "/log?size=2")).path("log").size())
                .isEqualTo(2);
        assertThat(json(get("/batches/" + id + "/log?from=100000")).path("log").size())
                .isZero();
        return lines;
    }

    private void awaitState(int id, String wanted) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    String state = state(id);
                    assertThat(TERMINAL.contains(state) && !state.equals(wanted))
                            .as(state)
                            .isFalse();
                    return state.equals(wanted);
                });
    }

    private String state(int id) throws Exception {
        HttpResponse<String> answer = get("/batches/" + id + "/state");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("id").asInt()).isEqualTo(id);
        String state = json(answer).path("state").asString();
        assertThat(STATES).contains(state);
        return state;
    }

    private int created(String file) throws Exception {
        HttpResponse<String> created = send("POST", "/batches", "{\"file\": \"" + file + "\"}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return json(created).path("id").asInt();
    }

    /** As a CI job puts it there before the DAG runs. */
    private String stored(String program) throws IOException {
        HttpResponse<String> plan = service.post(
                "/plans", new FormBody().file("project", "main.py", program.getBytes(StandardCharsets.UTF_8)));
        assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
        return "slipway:" + json(plan).path("project").asString();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, null);
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        // A login whose password is the token, as Airflow's connection has it.
        String login = Base64.getEncoder().encodeToString(("airflow:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        return sendAs("Basic " + login, method, path, body, headers);
    }

    private HttpResponse<String> sendAs(String login, String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .header("Authorization", login)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("X-Requested-By", "airflow")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
