package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.EventReader;
import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.EmrStep;
import io.slipway.aws.StepOutput;
import io.slipway.aws.StepScript;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Why a job failed on EMR: its logs come after its end, and whoever waits hears of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class ReasonsOnAwsTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private ServiceOnAws aws;
    private Service client;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        aws = new ServiceOnAws();
        aws.emr.script(name -> StepScript.failsAfter(Duration.ofMillis(300), "rc=1"));
        aws.start(
                home,
                // What no driver reports is looked for at once.
                "--slipway.clusters.analytics.emr.jobs.live=false",
                "--slipway.compute.emr.pace=300ms",
                "--slipway.compute.emr.cluster-age=1s",
                "--slipway.compute.emr.budget.list-steps.per-second=10",
                "--slipway.reconcile.applications=300ms",
                "--slipway.reconcile.causes=300ms");
        client = aws.client(null);
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    @Test
    void theErrorIsTheReasonWhenTheLogsArriveAndWhoWaitsHearsOfIt() throws Exception {
        String id = failed("prices");
        Answer before = client.get("/jobs/" + id);
        JsonNode reason = before.json().path("reason");
        assertThat(reason.path("pending").asBoolean()).isTrue();
        assertThat(reason.path("cause").isNull()).isTrue();
        assertThat(reason.path("message").asString())
                .as("plain words")
                .doesNotContain("Unknown Error", "rc=")
                .startsWith("The step failed: its command exited with status 1.");

        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> held(id, before.header("ETag")));
        EventReader stream = EventReader.open(
                HttpClient.newHttpClient(), "http://127.0.0.1:" + aws.port() + "/jobs/" + id + "/events");
        await().atMost(SOON).until(stream::hasBegun);
        await().during(Duration.ofMillis(600)).atMost(SOON).until(stream::isOpen);
        assertThat(waiting).isNotDone();

        ship("prices", 41, StepOutput.traceback("/nowhere/prices.csv"), StepOutput.exited(1));

        await().atMost(SOON).until(() -> !stream.isOpen());
        assertThat(waiting.get().status()).isEqualTo(200);
        // What was held back may have been for the line of the application.
        JsonNode told = settled(id).path("reason");
        assertThat(told.path("message").asString())
                .isEqualTo("FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/prices.csv'");
        JsonNode cause = told.path("cause");
        assertThat(cause.path("type").asString()).isEqualTo("FileNotFoundError");
        assertThat(cause.path("file").asString()).isEqualTo("project.py");
        assertThat(cause.path("line").asInt()).isEqualTo(7);
        assertThat(cause.path("traceback").asString())
                .startsWith("Traceback (most recent call last):")
                .contains("File \"project.py\", line 7, in load");
        assertThat(client.get("/jobs/" + id + "/events").json().path("items"))
                .filteredOn(line -> line.path("kind").asString().equals("CAUSE"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path("cause").path("file").asString()).isEqualTo("project.py");
                    assertThat(line.path("exitStatus").asInt()).isEqualTo(1);
                });
        JsonNode listed = client.get("/jobs?name=prices")
                .json()
                .path("items")
                .get(0)
                .path("reason")
                .path("cause");
        assertThat(listed.path("type").asString()).isEqualTo("FileNotFoundError");
        assertThat(listed.path("traceback").isNull())
                .as("lists have no tracebacks")
                .isTrue();
    }

    @Test
    void theStatusWithWhichAProgramEndedItselfIsTheRuns() throws Exception {
        String id = failed("exits");
        ship("exits", 43, "3\n", StepOutput.exited(3));
        JsonNode job = settled(id);
        assertThat(job.path("runs").get(0).path("exitStatus").asInt()).isEqualTo(3);
        assertThat(job.path("reason").path("message").asString())
                .startsWith("The program exited with status 3 and left no traceback.");
        assertThat(job.path("reason").path("cause").isNull()).isTrue();
    }

    @Test
    void aProgramWithoutASparkContextIsToldWhatToDo() throws Exception {
        String id = failed("plain");
        ship("plain", 44, "hello\n", StepOutput.WITHOUT_CONTEXT);
        JsonNode job = settled(id);
        assertThat(job.path("reason").path("message").asString())
                .contains("made no SparkContext", "exit code 13", "mode client");
        assertThat(job.path("runs").get(0).path("exitStatus").isNull()).isTrue();
    }

    private Answer held(String id, String tag) {
        try {
            return client.get("/jobs/" + id, "Prefer", "wait=60", "If-None-Match", tag);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private String failed(String name) throws Exception {
        String id = client.post(Form.script("open('/nowhere/prices.csv')").field("name", name))
                .json()
                .path("id")
                .asString();
        await().atMost(SOON).until(() -> {
            aws.emr.advance();
            return client.get("/jobs/" + id).json().path("state").asString().equals("FAILED");
        });
        return id;
    }

    private JsonNode settled(String id) {
        await().atMost(SOON)
                .until(() -> !client.get("/jobs/" + id)
                        .json()
                        .path("reason")
                        .path("pending")
                        .asBoolean());
        try {
            return client.get("/jobs/" + id).json();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** As EMR does it, minutes after the end. */
    private void ship(String name, int number, String printed, String log) {
        EmrStep step = aws.emr.steps(ServiceOnAws.CLUSTER).stream()
                .filter(each -> each.name().startsWith(name))
                .findFirst()
                .orElseThrow();
        String application = "application_1767614400000_00" + number;
        String container = "logs/" + ServiceOnAws.CLUSTER + "/containers/" + application + "/container_1767614400000_00"
                + number + "_01_000001/";
        put(container + "stdout.gz", printed);
        put(container + "stderr.gz", "26/01/05 12:00:12 INFO ApplicationMaster: ApplicationAttemptId: x\n" + log);
        put("logs/" + ServiceOnAws.CLUSTER + "/steps/" + step.id() + "/stderr.gz", StepOutput.submitting(application));
    }

    private void put(String key, String text) {
        aws.s3.put(ServiceOnAws.BUCKET, key, StepOutput.gzip(text));
    }
}
