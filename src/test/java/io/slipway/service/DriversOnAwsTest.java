package io.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.EventReader;
import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import io.slipway.aws.LiveDriver;
import io.slipway.aws.StepScript;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What drivers tell of themselves while they run is seen within seconds, and EMR alone decides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class DriversOnAwsTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private ServiceOnAws aws;
    private Service client;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        aws = new ServiceOnAws();
        aws.emr.script(name -> StepScript.runsLong());
        aws.start(
                home,
                "--slipway.clusters.analytics.emr.step-concurrency=10",
                "--slipway.compute.emr.pace=300ms",
                "--slipway.compute.emr.cluster-age=1s",
                "--slipway.compute.emr.budget.list-steps.per-second=10",
                "--slipway.reconcile.causes=300ms");
        client = aws.client(null);
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    @Test
    void theEndOfAProgramIsOnItsJobBeforeEmrKnowsIt() throws Exception {
        String id = running("works");
        driver(id).ends(0, Instant.parse("2026-11-29T00:00:00Z"));

        JsonNode job = until(id, each -> !each.path("program").isNull());
        assertThat(job.path("state").asString()).isEqualTo("RUNNING");
        assertThat(job.path("program").path("exitCode").asInt()).isZero();
        assertThat(client.get("/jobs/" + id + "/events").text())
                .contains("The driver says that the program has ended with exit code 0.");
    }

    @Test
    void howFarAJobIsIsInItsAnswersItsStreamItsPageAndTheList() throws Exception {
        String id = running("counts");
        driver(id).progresses("""
            {"applicationId":"application_1767614400000_0042","executors":4,"activeJobs":1,"activeStages":1,
             "stages":[{"id":7,"name":"count at app.py:10","tasks":200,"active":8,"completed":120,"failed":0}]}\
            """);
        EventReader stream = EventReader.open(
                HttpClient.newHttpClient(), "http://127.0.0.1:" + aws.port() + "/jobs/" + id + "/events");

        JsonNode job = until(id, each -> !each.path("progress").isNull());
        assertThat(job.path("progress").path("executors").asInt()).isEqualTo(4);
        assertThat(job.path("progress").path("stages").get(0).path("percent").asInt())
                .isEqualTo(60);
        assertThat(client.get("/jobs?name=counts").text()).contains("count at app.py:10");
        assertThat(client.get("/ui/jobs/" + id).text()).contains("60 % of this stage: 120 of 200 tasks, 8 at work");
        assertThat(client.get("/ui/jobs/" + id + "/progress").text()).contains("60 % of this stage");
        assertThat(client.get("/ui/jobs?text=counts").text()).contains("60 % of the stages at work");
        await().atMost(SOON).until(() -> stream.types().contains("progress"));
        stream.close();
    }

    @Test
    void whoKnowsAJobIsToldThatItIsFartherAndIsHeldBackAllTheSame() throws Exception {
        String id = running("goes on");
        String before = client.get("/jobs/" + id).header("ETag");
        driver(id).progresses("{\"executors\":4,\"activeJobs\":0,\"activeStages\":0,\"stages\":[]}");

        await().atMost(SOON)
                .until(() -> client.get("/jobs/" + id, "If-None-Match", before).status() == 200);
        String after = client.get("/jobs/" + id).header("ETag");
        assertThat(client.get("/jobs/" + id, "If-None-Match", after).status()).isEqualTo(304);
        Instant asked = Instant.now();
        assertThat(client.get("/jobs/" + id, "If-None-Match", before, "Prefer", "wait=2")
                        .status())
                .isEqualTo(200);
        assertThat(Duration.between(asked, Instant.now()))
                .as("nobody waits for progress")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void theExceptionWithWhichItEndedIsTheReasonWithTheFailureItself() throws Exception {
        String id = running("fails");
        driver(id).fails(Instant.now(), "KeyError", "'price'", """
            Traceback (most recent call last):
              File "jobs/load.py", line 4, in load
                return row["price"]
            KeyError: 'price'
            """);
        until(id, each -> !each.path("program").isNull());
        assertThat(job(id).path("reason").isNull()).isTrue();

        fail(id);

        JsonNode job = until(id, each -> each.path("state").asString().equals("FAILED"));
        assertThat(job.path("reason").path("pending").asBoolean()).isFalse();
        assertThat(job.path("reason").path("message").asString()).isEqualTo("KeyError: 'price'");
        assertThat(job.path("reason").path("cause").path("type").asString()).isEqualTo("KeyError");
        assertThat(job.path("reason").path("cause").path("traceback").asString())
                .contains("File \"jobs/load.py\", line 4");
        assertThat(job.path("runs").get(0).path("exitStatus").asInt()).isEqualTo(1);
    }

    @Test
    void aDriverThatSaysZeroWhileItsStepFailedHasAFailedJob() throws Exception {
        String id = running("fails and says no");
        driver(id).ends(0, Instant.now());
        until(id, each -> !each.path("program").isNull());

        fail(id);

        JsonNode job = until(id, each -> each.path("state").asString().equals("FAILED"));
        assertThat(job.path("runs").get(0).path("exitStatus").isNull()).isTrue();
        assertThat(job.path("reason").path("pending").asBoolean())
                .as("the logs may tell why")
                .isTrue();
    }

    @Test
    void aDriverThatSaysOneWhileItsStepSucceededHasAJobThatSucceeded() throws Exception {
        String id = running("works and says no");
        driver(id).fails(Instant.now(), "ValueError", "no", "");
        until(id, each -> !each.path("program").isNull());

        end(id);

        JsonNode job = until(id, each -> each.path("state").asString().equals("SUCCEEDED"));
        assertThat(job.path("program").path("exitCode").asInt()).isEqualTo(1);
        assertThat(job.path("reason").isNull()).isTrue();
        await().atMost(SOON)
                .until(() ->
                        !aws.s3.keys(ServiceOnAws.BUCKET).contains(driver(id).endKey()));
    }

    @Test
    void whatARunLeftIsListedReadShownAndZipped() throws Exception {
        String id = client.post(Form.script("print(1)").field("name", "leaves").field("results", "out/**"))
                .json()
                .path("id")
                .asString();
        run(id);
        assertThat(client.get("/jobs/" + id + "/results")
                        .json()
                        .path("complete")
                        .asBoolean())
                .isFalse();
        LiveDriver driver = driver(id);
        driver.keeps("out/a&b.csv", "sku,price\nA1,<b>3</b>\n".getBytes(UTF_8));
        driver.keeps("out/page.html", "<script>alert(1)</script>".getBytes(UTF_8));
        driver.hasKept("There was no time for more files.");

        JsonNode listed = client.get("/jobs/" + id + "/results").json();
        assertThat(listed.path("complete").asBoolean()).isTrue();
        assertThat(listed.path("items")).hasSize(2);
        String link = listed.path("items").get(0).path("link").asString();
        Service.Answer file = client.get(link.substring(link.indexOf("/jobs/")));
        assertThat(file.text()).isEqualTo("sku,price\nA1,<b>3</b>\n");
        assertThat(file.header("Content-Security-Policy")).contains("sandbox").doesNotContain("script-src");
        assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(file.header("Content-Disposition")).startsWith("attachment");
        assertThat(client.get("/jobs/" + id + "/results/file?path=../results.json")
                        .json()
                        .path("type")
                        .asString())
                .isEqualTo("urn:slipway:problem:result-not-found");
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(
                client.get("/jobs/" + id + "/results.zip").response().body()))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("out/a&b.csv");
            assertThat(zip.getNextEntry().getName()).isEqualTo("out/page.html");
        }

        assertThat(client.get("/ui/jobs/" + id).text()).contains(id + "/results");
        assertThat(client.get("/ui/jobs/" + id + "/results?path=out/a%26b.csv").text())
                .contains("<th scope=\"col\">price</th>", "&lt;b&gt;3&lt;/b&gt;", "There was no time for more files.");
        assertThat(client.get("/ui/jobs/" + id + "/results?path=out/page.html").text())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert");
        assertThat(client.get("/ui/jobs/" + id + "/results/image?path=out/page.html")
                        .status())
                .isEqualTo(404);
        aws.emr.end(ServiceOnAws.CLUSTER, step(id));
    }

    @Test
    void aJobThatIsNotToBeShownLiveHasNoLivePlacesInItsLaunchFile() throws Exception {
        String id = client.post(Form.script("print(1)").field("name", "hides").field("live", "false"))
                .json()
                .path("id")
                .asString();
        run(id);
        String shown = running("shows");

        assertThat(launchFile(id)).doesNotContain("live-ends");
        assertThat(launchFile(shown)).contains("live-ends");
        assertThat(job(id).path("spec").path("launch").path("live").asBoolean()).isFalse();
    }

    private String launchFile(String id) {
        String key = aws.s3.keys(ServiceOnAws.BUCKET).stream()
                .filter(each -> each.contains("launch") && each.contains(id))
                .findFirst()
                .orElseThrow();
        return new String(aws.s3.content(ServiceOnAws.BUCKET, key), UTF_8);
    }

    private LiveDriver driver(String id) {
        return new LiveDriver(aws.s3, ServiceOnAws.BUCKET, "slipway/", id + "-1");
    }

    private String running(String name) throws Exception {
        String id = client.post(Form.script("print(1)").field("name", name))
                .json()
                .path("id")
                .asString();
        run(id);
        return id;
    }

    private void run(String id) throws Exception {
        until(id, job -> {
            aws.emr.advance();
            return job.path("state").asString().equals("RUNNING");
        });
    }

    /** EMR's own word. */
    private void end(String id) {
        aws.emr.end(ServiceOnAws.CLUSTER, step(id));
    }

    private void fail(String id) {
        aws.emr.fail(ServiceOnAws.CLUSTER, step(id));
    }

    private String step(String id) {
        return aws.emr.steps(ServiceOnAws.CLUSTER).stream()
                .filter(step -> step.name().contains(id))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private JsonNode job(String id) throws Exception {
        return client.get("/jobs/" + id).json();
    }

    private JsonNode until(String id, Predicate<JsonNode> wanted) throws Exception {
        await().atMost(SOON).until(() -> wanted.test(job(id)));
        return job(id);
    }
}
