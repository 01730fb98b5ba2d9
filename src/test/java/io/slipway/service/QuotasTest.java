package io.slipway.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.StepScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service refuses while the cluster is busy, and what it says when S3 is away. */
@Tag("full")
class QuotasTest {

    /** The hashes of {@code test} and {@code bob}. */
    private static final String[] TOKENS = {
        "--slipway.security.tokens.ann=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "--slipway.security.tokens.bob=81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9"
    };

    @TempDir
    private Path home;

    private ServiceOnAws aws;
    private Service ann;
    private Service bob;

    @BeforeEach
    void start() throws IOException {
        aws = new ServiceOnAws();
        aws.emr.script(
                name -> name.startsWith("long") ? StepScript.runsLong() : StepScript.succeedsAfter(Duration.ZERO));
    }

    private void serve(String... settings) {
        String[] all = new String[settings.length + TOKENS.length];
        System.arraycopy(settings, 0, all, 0, settings.length);
        System.arraycopy(TOKENS, 0, all, settings.length, TOKENS.length);
        aws.start(home, all);
        ann = aws.client("test");
        bob = aws.client("bob");
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void refusesOneMoreLiveJobOfAnOwnerUntilOneHasEnded() throws Exception {
        serve("--slipway.quotas.live-jobs=2", "--slipway.quotas.owners.bob.live-jobs=1");
        String first = accepted(ann, "long");
        accepted(ann, "long");
        refused(ann.post(form("long")), "too-many-jobs", "slipway.quotas.live-jobs");
        accepted(bob, "long");
        refused(bob.post(form("long")), "too-many-jobs", "You have 1 jobs");

        assertThat(ann.post("/jobs/" + first + "/cancel").status()).isLessThan(300);
        await().atMost(Duration.ofSeconds(40))
                .until(() -> ann.get("/jobs/" + first)
                        .json()
                        .path("state")
                        .asString()
                        .equals("CANCELLED"));
        accepted(ann, "long");
    }

    @Test
    void refusesOneMoreJobInTheQueueWhileTheClusterIsFull() throws Exception {
        serve("--slipway.quotas.queued-jobs=1", "--slipway.clusters.analytics.emr.look-ahead=0");
        String running = accepted(ann, "long");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !ann.get("/jobs/" + running)
                        .json()
                        .path("state")
                        .asString()
                        .equals("QUEUED"));
        accepted(ann, "long");
        refused(ann.post(form("long")), "too-many-jobs", "slipway.quotas.queued-jobs");
        accepted(bob, "long");
    }

    @Test
    void refusesBeforeTheBodyIsReadAndKeepsWhatARepeatedRequestHasMade() throws Exception {
        serve("--slipway.quotas.submissions-per-minute=1");
        Answer first = ann.post(form("quick"), "Idempotency-Key", "once");
        assertThat(first.status()).isEqualTo(202);
        assertThat(ann.post(form("quick"), "Idempotency-Key", "once").status()).isLessThan(300);
        refused(ann.post(form("quick"), "Idempotency-Key", "twice"), "too-many-submissions", "per-minute");

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), aws.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer test\r\n"
                                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000000\r\n\r\n--b\r\n")
                            .getBytes(US_ASCII));
            BufferedReader answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            assertThat(answer.readLine()).startsWith("HTTP/1.1 429");
        }
    }

    @Test
    void logsWhoseStoreDoesNotAnswerAreUnavailableAndNotAbsent() throws Exception {
        serve("--slipway.clusters.analytics.emr.jobs.live=false");
        String id = accepted(ann, "quick");
        await().atMost(Duration.ofSeconds(40))
                .until(() ->
                        ann.get("/jobs/" + id).json().path("state").asString().equals("SUCCEEDED"));
        aws.s3.failNext("ListObjectsV2", 500, S3Fault.error(S3Error.INTERNAL_ERROR));
        aws.s3.failNext("GetObject", 500, S3Fault.error(S3Error.INTERNAL_ERROR));
        // The leader looks there by itself, and what it has just seen is not asked for again.
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            Answer answer = ann.get("/jobs/" + id + "/logs/stdout");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.problem()).isEqualTo("logs-unavailable");
        });
        aws.s3.recover();
        await().atMost(Duration.ofSeconds(40))
                .until(() -> ann.get("/jobs/" + id + "/logs").status() == 200);
    }

    private static Form form(String name) {
        return Form.script("print(1)").field("name", name);
    }

    private static String accepted(Service owner, String name) throws Exception {
        Answer answer = owner.post(form(name));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("id").asString();
    }

    private static void refused(Answer answer, String problem, String says) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(429);
        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(answer.text()).contains(says);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
    }
}
