package io.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.StepScript;
import io.slipway.git.GitHost;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A fetch that takes longer than a moment is a job in RECEIVING, which outlives the service that began it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceFetchesServiceTest {

    private static final String MAIN = "print('from git')\n";

    private Path home;
    private ServiceOnAws aws;
    private GitHost git;
    private Service ann;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        home = folder;
        aws = new ServiceOnAws();
        aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(300)));
        git = GitHost.start(home.resolve("git-host"));
        startService();
    }

    private void startService() throws Exception {
        aws.start(
                home.resolve("home"),
                "--slipway.submission.plans.python=/bin/true",
                "--slipway.submission.sources.patience=200ms",
                "--slipway.submission.heartbeat=300ms",
                "--slipway.security.tokens.ann=" + sha256("ann-token"),
                "--slipway.sources.git.allow[0].prefix=" + git.url() + "/team",
                "--slipway.sources.git.allow[0].owners=ann",
                "--slipway.sources.git.allow[0].certificate-file=" + git.authority(),
                "--slipway.sources.git.allow[0].addresses=127.0.0.0/8");
        ann = aws.client("ann-token");
    }

    @AfterAll
    void stop() {
        aws.close();
        git.close();
    }

    @Test
    @Timeout(120)
    void aLongFetchIsAnsweredAndGoesOn() throws Exception {
        String commit = git.repository("team/slow").with("main.py", MAIN).commit();
        CountDownLatch gate = git.gate("team/slow");
        Answer answer = ann.post(from("team/slow@main"), "Idempotency-Key", "k-slow");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        JsonNode job = answer.json();
        String id = job.path("id").asString();
        assertThat(job.path("state").asString()).isEqualTo("RECEIVING");
        assertThat(job.path("source").path("uri").asString()).isEqualTo(uri("team/slow@main"));
        assertThat(job.path("source").path("version").isNull()).isTrue();
        assertThat(job.path("spec").path("project").isNull()).isTrue();
        assertThat(ann.get("/jobs/" + id + "/events").text()).contains("Its project is being fetched from");
        assertThat(ann.get("/ui/jobs/" + id).text()).contains(uri("team/slow@main"));

        // The same wish is the same job, another one is not.
        Answer again = ann.post(from("team/slow@main"), "Idempotency-Key", "k-slow");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("id").asString()).isEqualTo(id);
        assertThat(ann.post(from("team/slow@other"), "Idempotency-Key", "k-slow")
                        .status())
                .isEqualTo(409);

        gate.countDown();
        JsonNode ended = ann.end(id);
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("source").path("version").asString()).isEqualTo(commit);
        assertThat(ended.path("spec").path("project").asString())
                .isEqualTo(ann.post(Form.script(MAIN))
                        .json()
                        .path("spec")
                        .path("project")
                        .asString());
        assertThat(ended.path("spec").path("entryPoint").asString()).isEqualTo("main.py");
        assertThat(ended.path("name").asString()).isEqualTo("slow");
        // Now that it is known which project it is, the key stands for that.
        assertThat(ann.post(from("team/slow@main"), "Idempotency-Key", "k-slow")
                        .json()
                        .path("id")
                        .asString())
                .isEqualTo(id);
    }

    @Test
    @Timeout(120)
    void aFetchThatCannotWorkEndsItsJobAndFreesItsKey() throws Exception {
        git.repository("team/none").with("main.py", MAIN).commit();
        CountDownLatch gate = git.gate("team/none");
        Answer answer = ann.post(from("team/none@none"), "Idempotency-Key", "k-none");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        gate.countDown();
        JsonNode ended = ann.end(answer.json().path("id").asString());
        assertThat(ended.path("state").asString()).isEqualTo("FAILED");
        assertThat(ended.path("reason").path("code").asString()).isEqualTo("SOURCE_FAILED");
        assertThat(ended.path("reason").path("message").asString()).contains("no branch and no tag");
        Answer mended = ann.post(from("team/none@main"), "Idempotency-Key", "k-none");
        assertThat(mended.status()).as(mended.text()).isEqualTo(202);
    }

    @Test
    @Timeout(120)
    void whatWasFetchedIsCheckedAsAnUploadIs() throws Exception {
        git.repository("team/text").with("readme.txt", "no program").commit();
        CountDownLatch gate = git.gate("team/text");
        Answer answer = ann.post(from("team/text@main"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        gate.countDown();
        JsonNode ended = ann.end(answer.json().path("id").asString());
        assertThat(ended.path("reason").path("code").asString()).isEqualTo("SOURCE_FAILED");
        assertThat(ended.path("reason").path("message").asString()).contains("entry");
    }

    @Test
    @Timeout(120)
    void aJobThatIsFetchedCanBeCancelled() throws Exception {
        git.repository("team/cancelled").with("main.py", MAIN).commit();
        CountDownLatch gate = git.gate("team/cancelled");
        String id = ann.post(from("team/cancelled@main")).json().path("id").asString();
        assertThat(ann.post("/jobs/" + id + "/cancel").status()).isEqualTo(200);
        assertThat(ann.end(id).path("state").asString()).isEqualTo("CANCELLED");
        gate.countDown();
        assertThat(ann.get("/jobs/" + id).json().path("state").asString()).isEqualTo("CANCELLED");
    }

    @Test
    @Timeout(120)
    void aFetchIsTakenUpByTheNextService() throws Exception {
        git.repository("team/later").with("main.py", MAIN).commit();
        CountDownLatch gate = git.gate("team/later");
        String id = ann.post(from("team/later@main")).json().path("id").asString();
        aws.stop();
        gate.countDown();
        startService();
        JsonNode ended = ann.end(id);
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        assertThat(aws.emr.steps(ServiceOnAws.CLUSTER))
                .filteredOn(step -> step.name().contains(id))
                .hasSize(1);
    }

    private Form from(String path) {
        return new Form().field("project", uri(path));
    }

    private String uri(String path) {
        return "git+" + git.url() + "/" + path;
    }

    private static String sha256(String token) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    }
}
