package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.project.HoldingStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The front door of the whole service, over real HTTP, on the embedded default: real files, real processes, a real database. */
@DirtiesContext
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "slipway.submission.max-upload=1MB",
            "slipway.submission.max-concurrent-uploads=4",
            "slipway.submission.max-concurrent-uploads-of-owner=4"
        })
class JobsApiTest {

    private static final String ALIVE = "/jobs?state=QUEUED&state=SUBMITTING&state=PENDING&state=RUNNING";

    @TempDir
    static Path home;

    @DynamicPropertySource
    static void home(DynamicPropertyRegistry registry) {
        registry.add("slipway.home", home::toString);
    }

    @LocalServerPort
    private int port;

    private Service service;

    @BeforeEach
    void connect() {
        service = new Service(port, null);
    }

    /** What still runs would go on writing where the folder is being removed. */
    @AfterEach
    void leaveNothingRunning() throws Exception {
        for (JsonNode job : service.get(ALIVE).json().path("items")) {
            service.post("/jobs/" + job.path("id").asString() + "/cancel");
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> service.get(ALIVE).json().path("items").isEmpty());
    }

    @Test
    void runsAProjectAndReturnsWhatItPrinted() throws Exception {
        Answer answer = service.post(Form.project("report.zip", zip(example())));

        assertThat(answer.status()).isEqualTo(202);
        String id = answer.json().path("id").asString();
        assertThat(answer.header("Location")).isEqualTo("http://127.0.0.1:" + port + "/jobs/" + id);
        assertThat(answer.json().path("state").asString()).isEqualTo("QUEUED");
        assertThat(answer.json().path("name").asString()).isEqualTo("report");
        assertThat(answer.json().path("links").propertyNames()).contains("self", "events", "logs", "cancel");

        assertThat(service.end(id).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(service.stdout(id)).contains("title=plain");
        assertThat(events(id)).containsSubsequence("RECEIVING", "QUEUED", "SUBMITTING", "PENDING", "SUCCEEDED");
    }

    @Test
    void laysAConfigFileOverTheProject() throws Exception {
        Form form = Form.project("report.zip", zip(example()))
                .file("config", "conf/app.ini", "[app]\ntitle=production\n".getBytes(StandardCharsets.UTF_8));
        assertThat(service.stdout(end(form))).contains("title=production");

        Form byPath = Form.project("report.zip", zip(example()))
                .file("config", "anything.ini", "[app]\ntitle=by path\n".getBytes(StandardCharsets.UTF_8))
                .field("configPath", "conf/app.ini");
        assertThat(service.stdout(end(byPath))).contains("title=by path");
    }

    @Test
    void asksWhereABareConfigNameBelongs() throws Exception {
        Answer answer = service.post(Form.project("report.zip", zip(example()))
                .file("config", "app.ini", "x".getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("ambiguous-config");
        assertThat(answer.text()).contains("conf/app.ini");
    }

    @Test
    void takesTheSpecAsJsonAndAsFields() throws Exception {
        String source = "import sys, os\nprint(sys.argv[1:], os.environ['STAGE'])\n";
        String asJson = end(
                Form.script(source)
                        .json(
                                "spec",
                                "{\"name\": \"by-json\", \"arguments\": [\"a,b\", \"c d\"], \"environment\": {\"STAGE\": \"x=y\"}}"));
        assertThat(service.stdout(asJson)).isEqualTo("['a,b', 'c d'] x=y\n");

        String asFields = end(Form.script(source)
                .field("arguments", "a,b")
                .field("arguments", "c d")
                .field("environment", "STAGE=x=y")
                .field("labels", "team=pricing")
                .field("timeout", "PT1M"));
        assertThat(service.stdout(asFields)).isEqualTo("['a,b', 'c d'] x=y\n");
        JsonNode job = service.get("/jobs/" + asFields).json();
        assertThat(job.path("spec").path("timeout").asString()).isEqualTo("PT1M");
        assertThat(job.path("labels").path("team").asString()).isEqualTo("pricing");
    }

    @Test
    void neverShowsAnEnvironmentValueAgain() throws Exception {
        String secret = "s3cr3t-" + UUID.randomUUID();
        String id = end(Form.script("print('done')").field("environment", "PASSWORD=" + secret));
        for (String path : List.of("/jobs/" + id, "/jobs/" + id + "/events", "/jobs", "/jobs/" + id + "/logs/stdout")) {
            assertThat(service.get(path).text()).as(path).doesNotContain(secret);
        }
        assertThat(service.get("/jobs/" + id)
                        .json()
                        .path("spec")
                        .path("environment")
                        .get(0)
                        .asString())
                .isEqualTo("PASSWORD");
        try (Stream<Path> files = Files.walk(home.resolve("runs"))) {
            assertThat(files.filter(Files::isRegularFile)).noneMatch(file -> contains(file, secret));
        }
    }

    @Test
    void readsTheTracebackOfAFailedRun() throws Exception {
        String id = service.post(Form.script("raise ValueError('no such column: price')"))
                .json()
                .path("id")
                .asString();
        JsonNode job = service.end(id);
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("reason").path("code").asString()).isEqualTo("RUN_FAILED");
        assertThat(job.path("runs").get(0).path("exitStatus").asInt()).isEqualTo(1);
        assertThat(service.get("/jobs/" + id + "/logs/stderr").text()).contains("ValueError: no such column: price");
        JsonNode reason = service.get("/jobs/" + id).json().path("reason");
        assertThat(reason.path("message").asString()).isEqualTo("ValueError: no such column: price");
        assertThat(reason.path("pending").asBoolean()).isFalse();
        JsonNode cause = reason.path("cause");
        assertThat(cause.path("type").asString()).isEqualTo("ValueError");
        assertThat(cause.path("file").asString())
                .isEqualTo(job.path("spec").path("entryPoint").asString());
        assertThat(cause.path("line").asInt()).isEqualTo(1);
        assertThat(cause.path("traceback").asString())
                .startsWith("Traceback (most recent call last):\n  File \""
                        + cause.path("file").asString() + "\"");
    }

    @Test
    void cancelsARunAndAnswersTheSameAgain() throws Exception {
        String id = running("import time\nprint('up', flush=True)\ntime.sleep(600)");
        Answer cancelled = service.post("/jobs/" + id + "/cancel");
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().path("stopping").asBoolean()).isTrue();
        assertThat(service.end(id).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(service.post("/jobs/" + id + "/cancel").status()).isEqualTo(200);
    }

    @Test
    void refusesToCancelAnEndedJob() throws Exception {
        Answer answer = service.post("/jobs/" + end(Form.script("print(1)")) + "/cancel");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("job-ended");
    }

    @Test
    void stopsARunAtItsTimeout() throws Exception {
        String id = service.post(Form.script("import time\ntime.sleep(600)").field("timeout", "PT1S"))
                .json()
                .path("id")
                .asString();
        JsonNode job = service.end(id);
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("reason").path("code").asString()).isEqualTo("TIMED_OUT");
    }

    @Test
    void answersARepeatedKeyWithTheFirstJob() throws Exception {
        String key = "build-" + UUID.randomUUID();
        Answer first = service.post(Form.script("print(1)"), "Idempotency-Key", key);
        Answer again = service.post(Form.script("print(1)"), "Idempotency-Key", key);
        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));

        Answer other = service.post(Form.script("print(2)"), "Idempotency-Key", key);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        Answer overlaid =
                service.post(Form.script("print(1)").file("config", "new.ini", new byte[] {1}), "Idempotency-Key", key);
        assertThat(overlaid.status()).isEqualTo(409);
    }

    @Test
    void makesOneJobOfManyRequestsWithOneKeyAtOnce() throws Exception {
        String key = "race-" + UUID.randomUUID();
        List<CompletableFuture<Answer>> all = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return service.post(Form.script("print('race')"), "Idempotency-Key", key);
                    } catch (IOException | InterruptedException failure) {
                        throw new IllegalStateException(failure);
                    }
                }))
                .limit(4)
                .toList();
        List<Answer> answers = all.stream().map(CompletableFuture::join).toList();
        assertThat(answers).allMatch(answer -> answer.status() == 202 || answer.status() == 200);
        assertThat(answers.stream()
                        .map(answer -> answer.json().path("id").asString())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void runsAStoredProjectAgain() throws Exception {
        String first = end(Form.script("import sys\nprint('again', sys.argv[1:])"));
        String project = service.get("/jobs/" + first)
                .json()
                .path("spec")
                .path("project")
                .asString();
        assertThat(service.stdout(end(new Form().field("project", project).field("arguments", "1"))))
                .contains("again ['1']");
        assertThat(service.stdout(end(new Form().field("project", "job:" + first))))
                .contains("again []");

        Answer unknown = service.post(new Form().field("project", "sha256:" + "0".repeat(64)));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.problem()).isEqualTo("unknown-project");
    }

    @Test
    void holdsAnAnswerUntilTheJobHasChanged() throws Exception {
        String id = running("import time\nprint('up', flush=True)\ntime.sleep(600)");
        String tag = service.get("/jobs/" + id).header("ETag");
        assertThat(service.get("/jobs/" + id, "If-None-Match", tag).status()).isEqualTo(304);

        Answer waited = service.get("/jobs/" + id, "If-None-Match", tag, "Prefer", "respond-async, wait=1");
        assertThat(waited.status()).isEqualTo(304);
        assertThat(waited.header("Preference-Applied")).isEqualTo("wait=1");

        CompletableFuture<Answer> held = CompletableFuture.supplyAsync(() -> {
            try {
                return service.get("/jobs/" + id, "If-None-Match", tag, "Prefer", "wait=50");
            } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
        service.post("/jobs/" + id + "/cancel");
        Answer changed = held.get(30, TimeUnit.SECONDS);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
        service.end(id);
    }

    @Test
    void namesTheAddressThatWasCalledHoweverOftenAJobIsRead() throws Exception {
        String id = service.post(Form.project("report.zip", zip(example())))
                .json()
                .path("id")
                .asString();
        for (String host : List.of("localhost:" + port, "127.0.0.1:" + port, "localhost:" + port)) {
            Answer answer = service.get("http://" + host + "/jobs/" + id);
            assertThat(answer.json().at("/links/self").asString()).isEqualTo("http://" + host + "/jobs/" + id);
            assertThat(answer.header("Content-Length"))
                    .isEqualTo(Integer.toString(answer.text().getBytes(StandardCharsets.UTF_8).length));
        }
    }

    @Test
    void refusesAKindOfAnswerThatAJobDoesNotHave() throws Exception {
        String id = service.post(Form.project("report.zip", zip(example())))
                .json()
                .path("id")
                .asString();
        assertThat(service.get("/jobs/" + id, "Accept", "image/png").status()).isEqualTo(406);
        assertThat(service.get("/jobs/" + id, "Accept", "application/*;q=0.5")
                        .json()
                        .path("id")
                        .asString())
                .isEqualTo(id);
    }

    @Test
    void pagesThroughTheListWhileJobsArrive() throws Exception {
        String team = UUID.randomUUID().toString();
        for (int at = 0; at < 5; at++) {
            service.post(Form.script("print(" + at + ")")
                    .field("labels", "team=" + team)
                    .field("name", "Paged_" + at));
        }
        Answer page = service.get("/jobs?limit=2&label=team=" + team);
        List<String> names = new java.util.ArrayList<>();
        collect(page, names);
        service.post(Form.script("print(9)").field("labels", "team=" + team).field("name", "late"));
        while (!page.json().path("next").isNull()) {
            page = service.get(java.net
                            .URI
                            .create(page.json().path("next").asString())
                            .getRawPath() + "?"
                    + java.net.URI.create(page.json().path("next").asString()).getRawQuery());
            collect(page, names);
        }
        assertThat(names).containsExactly("Paged_4", "Paged_3", "Paged_2", "Paged_1", "Paged_0");
        assertThat(service.get("/jobs?name=paged_3&label=team=" + team).json().path("items"))
                .hasSize(1);
        assertThat(service.get("/jobs?state=RECEIVING&label=team=" + team)
                        .json()
                        .path("items"))
                .isEmpty();
        assertThat(service.get("/jobs?createdTo=2001-01-01T00:00:00Z").json().path("items"))
                .isEmpty();
    }

    @Test
    void readsALogInParts() throws Exception {
        String id = end(Form.script("for i in range(1000):\n    print('line', i)"));
        Answer tail = service.get("/jobs/" + id + "/logs/stdout?tail=2");
        assertThat(tail.text()).isEqualTo("line 998\nline 999\n");
        assertThat(tail.header("Content-Type")).startsWith("text/plain");
        assertThat(tail.header("X-Content-Type-Options")).isEqualTo("nosniff");
        long from = Long.parseLong(tail.header("Slipway-Log-Offset"));
        assertThat(service.get("/jobs/" + id + "/logs/stdout?offset=" + from).text())
                .isEqualTo("line 998\nline 999\n");
        assertThat(service.get("/jobs/" + id + "/logs/stdout?offset=999999").text())
                .isEmpty();
        assertThat(service.get("/jobs/" + id + "/logs")
                        .json()
                        .path("items")
                        .get(0)
                        .path("name")
                        .asString())
                .isEqualTo("stdout");
        assertThat(service.get("/jobs/" + id + "/logs/driver").problem()).isEqualTo("log-not-found");
        assertThat(service.get("/jobs/" + id + "/logs/stdout?tail=-1").status()).isEqualTo(400);
    }

    @Test
    void namesWhatIsWrongWithASubmission() throws Exception {
        assertProblem(new Form().field("name", "x"), 400, "missing-part", "project=@");
        assertProblem(new Form().field("project", "project.zip"), 400, "missing-part", "@");
        assertProblem(Form.project("p.zip", "no zip".getBytes(StandardCharsets.UTF_8)), 422, "not-an-archive", "");
        assertProblem(Form.project("p.zip", zip(Map.of("../../x.py", "1"))), 422, "unsafe-path", "..");
        assertProblem(Form.project("p.zip", zip(Map.of("a.py", "1", "b.py", "2"))), 422, "no-entry-point", "a.py");
        assertProblem(Form.script("1").field("cluster", "nowhere"), 422, "unknown-cluster", "local");
        assertProblem(Form.script("1").field("argument", "x"), 422, "invalid-spec", "arguments");
        assertProblem(Form.script("1").field("timeout", "2 hours"), 422, "invalid-spec", "PT2H");
        assertProblem(Form.script("1").json("spec", "{\"entrypoint\": \"a.py\"}"), 422, "invalid-spec", "entryPoint");
        assertProblem(Form.script("1").json("spec", "{"), 422, "invalid-spec", "");
        assertProblem(Form.script("1").file("data", "x.csv", new byte[1]), 400, "missing-part", "config");
        Answer key = service.post(Form.script("1"), "Idempotency-Key", "with blank");
        assertThat(key.problem()).isEqualTo("invalid-idempotency-key");
        assertThat(incoming()).isEmpty();
    }

    @Test
    void namesWhatIsWrongWithARequest() throws Exception {
        Answer json = service.send(service.request("/jobs")
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(json.status()).isEqualTo(415);
        assertThat(json.problem()).isEqualTo("unsupported-media-type");
        assertThat(service.get("/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN").problem()).isEqualTo("job-not-found");
        assertThat(service.get("/nothing").problem()).isEqualTo("not-found");
        assertThat(service.get("/jobs?limit=0").problem()).isEqualTo("invalid-parameter");
        assertThat(service.get("/jobs?state=DONE").problem()).isEqualTo("invalid-parameter");
        assertThat(service.get("/jobs?label=x").problem()).isEqualTo("invalid-parameter");
        assertThat(service.get("/jobs?createdFrom=yesterday").problem()).isEqualTo("invalid-parameter");
        Answer delete = service.send(service.request("/jobs").DELETE());
        assertThat(delete.problem()).isEqualTo("method-not-allowed");
        assertThat(delete.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void refusesWhatIsTooLargeBeforeItIsSent() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(
                            ("POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                                            + "Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void namesTheLimitThatAFormHits() throws Exception {
        Form parts = Form.script("print(1)");
        for (int at = 0; at < 1100; at++) {
            parts.file("config", "c" + at, new byte[0]);
        }
        Answer many = service.post(parts);
        assertThat(many.status()).isEqualTo(413);
        assertThat(many.problem()).isEqualTo("too-many-parts");

        Answer header = service.post(Form.project("x".repeat(9000) + ".py", new byte[1]));
        assertThat(header.status()).isEqualTo(413);
        assertThat(header.problem()).isEqualTo("part-header-too-large");

        byte[] whole = Form.script("print(1)").body();
        Answer cut = service.send(service.request("/jobs")
                .header("Content-Type", Form.script("").contentType())
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(whole, 0, whole.length - 20)));
        assertThat(cut.problem()).isEqualTo("malformed-request");
        assertThat(incoming()).isEmpty();
    }

    @Test
    void listsTheClusters() throws Exception {
        JsonNode cluster = service.get("/clusters").json().path("items").get(0);
        assertThat(cluster.path("name").asString()).isEqualTo("local");
        assertThat(cluster.path("kind").asString()).isEqualTo("LOCAL");
        assertThat(cluster.path("isDefault").asBoolean()).isTrue();
    }

    @Test
    void describesEveryOperationWithExamples() throws Exception {
        JsonNode api = service.get("/v3/api-docs").json();
        assertThat(api.path("openapi").asString()).startsWith("3.1");
        for (JsonNode path : api.path("paths")) {
            for (JsonNode operation : path) {
                operation
                        .path("responses")
                        .properties()
                        .forEach(response -> response.getValue()
                                .path("content")
                                .forEach(content -> assertThat(content.has("example") || content.has("examples"))
                                        .as(operation.path("operationId") + " " + response.getKey())
                                        .isTrue()));
                assertThat(operation.path("summary").asString()).isNotEmpty();
            }
        }
        JsonNode form = api.path("paths")
                .path("/jobs")
                .path("post")
                .path("requestBody")
                .path("content")
                .path("multipart/form-data");
        assertThat(form.path("encoding").path("spec").path("contentType").asString())
                .isEqualTo("application/json");
        assertThat(service.get("/swagger-ui/index.html").status()).isEqualTo(200);
    }

    @Test
    void refusesPagesOfOtherOriginsAndUnknownNames() throws Exception {
        Form form = Form.script("print(1)");
        assertThat(service.post(form, "Origin", "https://evil.example").problem())
                .isEqualTo("cross-origin");
        assertThat(service.post(form, "Origin", "null").problem()).isEqualTo("cross-origin");
        assertThat(service.post(form, "Sec-Fetch-Site", "cross-site").problem()).isEqualTo("cross-origin");
        assertThat(service.post(form, "Origin", "http://127.0.0.1:" + port, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(202);
        assertThat(raw("GET /jobs HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .contains("421", "unknown-host");
        assertThat(raw("GET /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void assertProblem(Form form, int status, String problem, String says) throws Exception {
        Answer answer = service.post(form);
        assertThat(answer.problem()).as(answer.text()).isEqualTo(problem);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains(says);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    private String end(Form form) throws Exception {
        Answer answer = service.post(form);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String id = answer.json().path("id").asString();
        assertThat(service.end(id).path("state").asString())
                .as(service.get("/jobs/" + id + "/logs/stderr").text())
                .isEqualTo("SUCCEEDED");
        return id;
    }

    private String running(String source) throws Exception {
        String id = service.post(Form.script(source)).json().path("id").asString();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> service.get("/jobs/" + id)
                                .json()
                                .path("state")
                                .asString()
                                .equals("RUNNING")
                        && service.get("/jobs/" + id + "/logs/stdout").text().contains("up"));
        return id;
    }

    private List<String> events(String id) throws Exception {
        List<String> states = new java.util.ArrayList<>();
        service.get("/jobs/" + id + "/events")
                .json()
                .path("items")
                .forEach(event -> states.add(event.path("to").asString()));
        return states;
    }

    @Test
    void aSmallRequestTouchesNoDiskOnItsWayIn() throws Exception {
        Path incoming = home.resolve("incoming");
        FileTime before = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(incoming, before);
        Form small = Form.project("report.zip", zip(example()))
                .file("config", "conf/app.ini", "[app]\ntitle=small\n".getBytes(StandardCharsets.UTF_8));
        assertThat(service.post(small).status()).isEqualTo(202);
        assertThat(Files.getLastModifiedTime(incoming)).isEqualTo(before);

        byte[] large = new byte[HoldingStream.MOST];
        new Random(1).nextBytes(large);
        Form other = Form.project("report.zip", zip(example())).file("config", "./large.bin", large);
        assertThat(service.post(other).status()).isEqualTo(202);
        assertThat(Files.getLastModifiedTime(incoming)).isGreaterThan(before);
        assertThat(incoming()).isEmpty();
    }

    private static void collect(Answer page, List<String> names) {
        page.json().path("items").forEach(job -> names.add(job.path("name").asString()));
    }

    private static List<Path> incoming() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("incoming"))) {
            return files.toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException gone) {
            return false;
        }
    }

    /** With the port of this service, and a bound on streams that do not end; the rest of each line is the README's. */
    @Test
    void theReadmesCurlLinesWorkAsTheyStand(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("project.zip"), zip(Map.of("project.py", "import sys\nprint(sys.argv)\n")));
        Files.writeString(folder.resolve("prod.ini"), "[source]\n");
        String id = service.post(Form.script("print('printed')\n").field("environment", "PASSWORD=secret"))
                .json()
                .path("id")
                .asString();
        service.end(id);
        String readme = Files.readString(Path.of("README.md"));
        String lines = readme.substring(readme.indexOf("## The API by curl"));
        lines = lines.substring(lines.indexOf("```sh\n") + 6, lines.indexOf("\n```", lines.indexOf("```sh")));
        String script =
                "curl() { printf '%s\\t' \"${*: -1}\"; command curl -s --max-time 5 -o answer -w '%{http_code}\\t' \"$@\" || true;"
                        + " tr '\\n' ' ' <answer; echo; : >answer; }\n: >answer\n"
                        + lines.replace("http://localhost:8080", "http://127.0.0.1:" + port);
        ProcessBuilder shell = new ProcessBuilder("bash", "-euc", script)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(Map.of("JOB", id, "LAST", "0"));
        String told = new String(shell.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> answers = told.lines().filter(line -> line.contains("\t")).toList();
        assertThat(answers)
                .as(told)
                .hasSizeGreaterThan(15)
                .allSatisfy(answer -> assertThat(answer)
                        .containsPattern(
                                "\t(200|202|304)\t|/cancel\t409\t|/spark-ui\t40[49]\t|/jobs/\\w+/events\t204\t"));
        assertThat(answers).anySatisfy(answer -> assertThat(answer).contains("follow=true\t200\tprinted"));
    }

    private static Map<String, String> example() {
        return Map.of(
                "main.py",
                "import configparser\nfrom pack.text import show\nc = configparser.ConfigParser()\n"
                        + "assert c.read('./conf/app.ini')\nshow(c['app']['title'])\n",
                "pack/__init__.py",
                "",
                "pack/text.py",
                "def show(title):\n    print('title=' + title)\n",
                "conf/app.ini",
                "[app]\ntitle=plain\n");
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }
}
