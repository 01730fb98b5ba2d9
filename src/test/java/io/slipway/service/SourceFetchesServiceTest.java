package io.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.StepScript;
import io.slipway.git.GitHost;
import io.slipway.project.archive.ZipFixture;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** A fetch that takes longer than a moment is a job in RECEIVING, which outlives the service that began it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class SourceFetchesServiceTest {

    private static final String MAIN = "print('from git')\n";

    private Path home;
    private ServiceOnAws aws;
    private GitHost git;
    private Service ann;
    private String configuredCommit;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        home = folder;
        aws = new ServiceOnAws();
        aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(300)));
        git = GitHost.start(home.resolve("git-host"));
        startService();
    }

    private void startService() throws Exception {
        aws.start(home.resolve("home"), settings());
        ann = aws.client("ann-token");
    }

    private String[] settings() throws Exception {
        return new String[] {
            "--slipway.submission.plans.python=/bin/true",
            "--slipway.submission.sources.patience=200ms",
            "--slipway.submission.heartbeat=300ms",
            "--slipway.security.tokens.ann=" + sha256("ann-token"),
            "--slipway.sources.git.allow[0].prefix=" + git.url() + "/team",
            "--slipway.sources.git.allow[0].owners=ann",
            "--slipway.sources.git.allow[0].certificate-file=" + git.authority(),
            "--slipway.sources.git.allow[0].addresses=127.0.0.0/8"
        };
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

    @Test
    @Timeout(120)
    void configurationFilesAreKeptUntilTheProjectIsHere() throws Exception {
        configuredCommit = git.repository("team/configured")
                .with("main.py", MAIN)
                .with("conf/run.ini", "[default]\n")
                .commit();
        CountDownLatch gate = git.gate("team/configured");
        Answer answer = ann.post(configured("[prod]\n"), "Idempotency-Key", "k-configured");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().path("state").asString()).isEqualTo("RECEIVING");
        String id = answer.json().path("id").asString();
        assertThat(ann.post(configured("[prod]\n"), "Idempotency-Key", "k-configured")
                        .status())
                .isEqualTo(200);
        assertThat(ann.post(configured("[test]\n"), "Idempotency-Key", "k-configured")
                        .status())
                .as("another file")
                .isEqualTo(409);

        aws.stop();
        gate.countDown();
        startService();

        JsonNode ended = ann.end(id);
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        byte[] laidOver = ZipFixture.zip()
                .file("main.py", MAIN)
                .file("conf/run.ini", "[prod]\n")
                .bytes();
        assertThat(ended.path("spec").path("project").asString())
                .isEqualTo(ann.post(Form.project("p.zip", laidOver))
                        .json()
                        .path("spec")
                        .path("project")
                        .asString());
        long posts = posts("team/configured");
        Answer next = ann.post(configured("[test]\n"));
        assertThat(ann.end(next.json().path("id").asString()).path("state").asString())
                .isEqualTo("SUCCEEDED");
        assertThat(posts("team/configured"))
                .as("the version was kept without the file that was laid over it")
                .isEqualTo(posts);
    }

    @Test
    @Timeout(120)
    void anEnvironmentAndLargeFilesAreKeptUntilTheProjectIsHere() throws Exception {
        String commit = git.repository("team/attached").with("main.py", MAIN).commit();
        CountDownLatch gate = git.gate("team/attached");
        byte[] large = new byte[3 << 20];
        new Random(7).nextBytes(large);
        Form form = from("team/attached@" + commit)
                .file("config", "data/large.bin", large)
                .file("config", "conf/run.ini", "[prod]\n".getBytes(UTF_8))
                .file("pythonEnvironment", "env.tar.gz", ExampleStepsTest.environment("bin/python"));
        Answer answer = ann.post(form, "Idempotency-Key", "k-attached");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().path("state").asString()).isEqualTo("RECEIVING");
        String id = answer.json().path("id").asString();
        assertThat(ann.post(form, "Idempotency-Key", "k-attached").status()).isEqualTo(200);
        Form other = from("team/attached@" + commit).file("config", "data/large.bin", new byte[3 << 20]);
        assertThat(ann.post(other, "Idempotency-Key", "k-attached").status()).isEqualTo(409);

        aws.stop();
        gate.countDown();
        startService();

        JsonNode ended = ann.end(id);
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        byte[] whole = ZipFixture.zip()
                .file("main.py", MAIN)
                .file("conf/run.ini", "[prod]\n")
                .with(ZipFixture.packed("data/large.bin".getBytes(UTF_8), large))
                .bytes();
        assertThat(ended.path("spec").path("project").asString())
                .isEqualTo(ann.post(Form.project("p.zip", whole))
                        .json()
                        .path("spec")
                        .path("project")
                        .asString());
        String environment =
                ended.path("spec").path("launch").path("pythonEnvironment").asString();
        assertThat(environment).startsWith("sha256:");
        assertThat(aws.emr.steps(ServiceOnAws.CLUSTER))
                .filteredOn(step -> step.name().contains(id))
                .singleElement()
                .satisfies(step -> assertThat(String.join(" ", step.args()))
                        .contains("environment_" + environment.substring(7) + ".tar.gz#environment"));
        Answer broken = ann.post(
                from("team/attached@" + commit).file("pythonEnvironment", "env.tar.gz", "no tar".getBytes(UTF_8)));
        assertThat(broken.status()).as(broken.text()).isEqualTo(422);
    }

    @Test
    @Timeout(180)
    void twoReplicasThatWantTheSameFetchItOnce() throws Exception {
        String commit = git.repository("team/shared").with("main.py", MAIN).commit();
        CountDownLatch gate = git.gate("team/shared");
        try (ConfigurableApplicationContext replica = aws.replica(home.resolve("other"), settings())) {
            Service other = new Service(
                    Integer.parseInt(replica.getEnvironment().getProperty("local.server.port")), "ann-token");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Service door = i % 2 == 0 ? ann : other;
                Answer answer = door.post(from("team/shared@" + commit));
                assertThat(answer.status()).as(answer.text()).isEqualTo(202);
                ids.add(answer.json().path("id").asString());
            }
            gate.countDown();
            for (String id : ids) {
                JsonNode ended = ann.end(id);
                assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
                assertThat(ended.path("source").path("version").asString()).isEqualTo(commit);
            }
        }
        assertThat(posts("team/shared"))
                .as("one for the refs, one for the files")
                .isEqualTo(2);
    }

    /** Of git's protocol. Nothing is asked before the fetch of a source that names a whole commit. */
    private long posts(String path) {
        return git.requests().stream()
                .filter(request -> request.startsWith("POST /" + path))
                .count();
    }

    private Form configured(String text) {
        return from("team/configured@" + configuredCommit).file("config", "conf/run.ini", text.getBytes(UTF_8));
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
