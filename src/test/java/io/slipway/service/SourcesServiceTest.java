package io.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.StepScript;
import io.slipway.git.GitHost;
import io.slipway.project.archive.ZipFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Projects that are named by their place in S3 meet what uploads meet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class SourcesServiceTest {

    private static final String DATA = "data";
    private static final String GIT_TOKEN = "glpat-0123456789";
    private static final String MAIN = "print('from s3')\n";

    private ServiceOnAws aws;
    private GitHost git;
    private Service ann;
    private Service bob;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        aws = new ServiceOnAws();
        aws.s3.withBucket(DATA);
        aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(300)));
        git = GitHost.start(home.resolve("git-host"));
        aws.start(
                home.resolve("home"),
                "--slipway.submission.plans.python=/bin/true",
                "--slipway.submission.archive.max-entries=50",
                "--slipway.security.tokens.ann=" + sha256("ann-token"),
                "--slipway.security.tokens.bob=" + sha256("bob-token"),
                "--slipway.sources.s3.fetch.path-style=true",
                "--slipway.sources.s3.allow[0].prefix=s3://data/ann",
                "--slipway.sources.s3.allow[0].owners=ann",
                "--slipway.sources.s3.allow[1].prefix=s3://data/both",
                "--slipway.sources.s3.allow[1].owners=ann,bob",
                "--slipway.sources.git.allow[0].prefix=" + git.url() + "/team",
                "--slipway.sources.git.allow[0].owners=ann",
                "--slipway.sources.git.allow[0].user=robot",
                "--slipway.sources.git.allow[0].token=" + GIT_TOKEN,
                "--slipway.sources.git.allow[0].certificate-file=" + git.authority(),
                "--slipway.sources.git.allow[0].addresses=127.0.0.0/8");
        ann = aws.client("ann-token");
        bob = aws.client("bob-token");
    }

    @AfterAll
    void stop() {
        aws.close();
        git.close();
    }

    @Test
    void theSameFilesAreTheSameProjectHoweverTheyCame() throws Exception {
        aws.s3.put(DATA, "ann/p.zip", zip());
        aws.s3.put(DATA, "ann/tree/main.py", MAIN.getBytes(UTF_8));
        aws.s3.put(DATA, "ann/tree/conf/x.ini", "[x]".getBytes(UTF_8));
        String uploaded = project(ann.post(Form.project("p.zip", zip())));
        assertThat(project(ann.post(from("s3://data/ann/p.zip")))).isEqualTo(uploaded);
        assertThat(project(ann.post(from("s3://data/ann/tree/")))).isEqualTo(uploaded);
    }

    @Test
    void aPythonFileAloneIsAProject() throws Exception {
        aws.s3.put(DATA, "ann/alone.py", MAIN.getBytes(UTF_8));
        Answer answer = ann.post(from("s3://data/ann/alone.py"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().path("spec").path("entryPoint").asString()).isEqualTo("alone.py");
    }

    @Test
    void aRepeatedKeyMakesOneJobAndAnotherContentIsRefused() throws Exception {
        aws.s3.put(DATA, "ann/key.py", MAIN.getBytes(UTF_8));
        Answer once = ann.post(from("s3://data/ann/key.py"), "Idempotency-Key", "k1");
        Answer again = ann.post(from("s3://data/ann/key.py"), "Idempotency-Key", "k1");
        assertThat(once.status()).as(once.text()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("id")).isEqualTo(once.json().path("id"));
        aws.s3.put(DATA, "ann/key.py", "print('other')\n".getBytes(UTF_8));
        assertThat(ann.post(from("s3://data/ann/key.py"), "Idempotency-Key", "k1")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void nobodyReadsWhatOnlyTheServiceMay() throws Exception {
        aws.s3.put(DATA, "ann/secret.py", MAIN.getBytes(UTF_8));
        aws.s3.put(DATA, "ann2/secret.py", MAIN.getBytes(UTF_8));
        refused(bob.post(from("s3://data/ann/secret.py")), 403, "source-not-allowed");
        refused(ann.post(from("s3://data/ann2/secret.py")), 403, "source-not-allowed");
        refused(ann.post(from("s3://artifacts/slipway/")), 403, "source-not-allowed");
        refused(ann.post(from("s3://data/ann/../ann2/secret.py")), 422, "invalid-source");
        // What was fetched for her is hers.
        String project = project(ann.post(from("s3://data/ann/secret.py")));
        refused(bob.post(new Form().field("project", project)), 422, "unknown-project");
    }

    @Test
    void whatIsNoProjectIsRefusedAsAnUploadIs() throws Exception {
        aws.s3.put(DATA, "ann/broken.zip", cut(zip()));
        refused(ann.post(from("s3://data/ann/broken.zip")), 422, "damaged-archive");
        refused(ann.post(from("s3://data/ann/nothing.zip")), 422, "source-not-found");
        for (int at = 0; at < 51; at++) {
            aws.s3.put(DATA, "ann/many/f" + at + ".py", new byte[0]);
        }
        refused(ann.post(from("s3://data/ann/many/")), 413, "upload-too-large");
        refused(ann.post(from("git+https://host/repo@main")), 403, "source-not-allowed");
        refused(ann.post(from("git+https://token@host/repo@main")), 422, "invalid-source");
        refused(ann.post(from("git+ssh://host/repo@main")), 422, "invalid-source");
        refused(ann.post(from("ftp://host/repo")), 400, "missing-part");
    }

    @Test
    void aCommitOfARepositoryIsTheProjectThatItsFilesAre() throws Exception {
        GitHost.Repository repository = git.repository("team/jobs");
        git.requireLogin("team/jobs", "robot", GIT_TOKEN);
        String commit =
                repository.with("main.py", MAIN).with("conf/x.ini", "[x]").commit();
        String uri = "git+" + git.url() + "/team/jobs@main";
        String uploaded = project(ann.post(Form.project("p.zip", zip())));
        Answer job = ann.post(from(uri));
        assertThat(project(job)).isEqualTo(uploaded);
        assertThat(job.json().path("name").asString()).isEqualTo("jobs");
        assertThat(job.json().path("source").path("uri").asString()).isEqualTo(uri);
        assertThat(job.json().path("source").path("version").asString()).isEqualTo(commit);
        String id = job.json().path("id").asString();
        assertThat(ann.get("/ui/jobs/" + id).text()).contains(commit).contains(uri);
        assertThat(ann.get("/jobs/" + id).text()).doesNotContain(GIT_TOKEN);
        refused(bob.post(from(uri)), 403, "source-not-allowed");
        refused(ann.post(from("git+" + git.url() + "/other/jobs@main")), 403, "source-not-allowed");
        refused(ann.post(from(uri.replace("@main", "@none"))), 422, "source-not-found");

        // A job that runs it again says the same; the commit that it was is not asked for again.
        Answer again = ann.post(new Form().field("project", "job:" + id));
        assertThat(again.json().path("source").path("version").asString()).isEqualTo(commit);
    }

    @Test
    void aSubmoduleIsSaidToBeMissing() throws Exception {
        GitHost.Repository repository = git.repository("team/parts");
        String commit = repository.with("main.py", MAIN).commit();
        repository.git("update-index", "--add", "--cacheinfo", "160000," + commit + ",libs/other");
        repository.git("commit", "-q", "-m", "A submodule");
        Form form = from("git+" + git.url() + "/team/parts@main");
        for (int time = 1; time <= 2; time++) {
            Answer plan = plan(ann, form);
            assertThat(plan.status()).as(plan.text()).isEqualTo(200);
            assertThat(plan.json().path("findings").valueStream())
                    .anyMatch(finding -> finding.path("code").asString().equals("git-submodule"));
            assertThat(plan.json().path("leftOut").path(0).path("path").asString())
                    .isEqualTo("libs/other");
        }
        refused(ann.post(form.field("failOn", "warning")), 422, "findings");
    }

    @Test
    void oneVersionIsFetchedOnce() throws Exception {
        aws.s3.put(DATA, "both/once.zip", zip());
        String first = project(ann.post(from("s3://data/both/once.zip")));
        int fetched = fetches("both/once.zip");
        Answer second = ann.post(from("s3://data/both/once.zip"));
        assertThat(project(second)).isEqualTo(first);
        assertThat(second.json().path("name").asString()).isEqualTo("once");
        assertThat(fetches("both/once.zip")).isEqualTo(fetched);
        // Another owner who may have it gets the same, and is asked for her right to it, as everybody is each time.
        assertThat(project(bob.post(from("s3://data/both/once.zip")))).isEqualTo(first);
        assertThat(fetches("both/once.zip")).isEqualTo(fetched);
        aws.s3.failNext("HeadObject", S3Fault.error(S3Error.ACCESS_DENIED));
        refused(bob.post(from("s3://data/both/once.zip")), 422, "source-not-found");

        aws.s3.put(DATA, "both/once.zip", cut(zip()));
        refused(ann.post(from("s3://data/both/once.zip")), 422, "damaged-archive");
        assertThat(fetches("both/once.zip")).isEqualTo(fetched + 1);

        GitHost.Repository repository = git.repository("team/once");
        repository.with("main.py", "print('once')\n").commit();
        Form form = from("git+" + git.url() + "/team/once@main");
        String project = project(ann.post(form));
        int packs = packs("team/once");
        assertThat(project(ann.post(form))).isEqualTo(project);
        assertThat(packs("team/once") - packs)
                .as("its refs are read, and no pack")
                .isEqualTo(1);
        repository.with("main.py", "print('twice')\n").commit();
        assertThat(project(ann.post(form))).isNotEqualTo(project);
    }

    @Test
    void aJobIsOfTheVersionThatItsPlanHasShown() throws Exception {
        aws.s3.put(DATA, "ann/planned.zip", zip());
        String uri = "s3://data/ann/planned.zip";
        JsonNode source = plan(ann, from(uri)).json().path("source");
        assertThat(source.path("uri").asString()).isEqualTo(uri);
        String version = source.path("version").asString();
        int fetched = fetches("ann/planned.zip");

        Answer job = ann.post(from(uri).field("sourceVersion", version));
        assertThat(project(job)).isEqualTo(project(ann.post(Form.project("p.zip", zip()))));
        assertThat(job.json().path("source")).isEqualTo(source);
        assertThat(fetches("ann/planned.zip")).as("it is stored since the plan").isEqualTo(fetched);

        aws.s3.put(DATA, "ann/planned.zip", "print('other')".getBytes(UTF_8));
        refused(ann.post(from(uri).field("sourceVersion", version)), 409, "source-changed");
        assertThat(ann.post(from(uri).field("sourceVersion", "v".repeat(5_000))).text())
                .as("an answer does not say again whatever was sent")
                .hasSizeLessThan(1_000);
        refused(ann.post(Form.script(MAIN).field("sourceVersion", version)), 400, "missing-part");
        refused(bob.post(from(uri).field("sourceVersion", version)), 403, "source-not-allowed");
    }

    @Test
    void aFolderOfAVersionIsFetchedOnceToo() throws Exception {
        ZipFixture zip = ZipFixture.zip().file("jobs/one/main.py", MAIN).file("jobs/two/main.py", "print(2)\n");
        aws.s3.put(DATA, "both/mono.zip", zip.bytes());
        Answer one = ann.post(from("s3://data/both/mono.zip").field("projectFolder", "jobs/one"));
        String project = project(one);
        int fetched = fetches("both/mono.zip");

        for (Service owner : List.of(ann, bob)) {
            Answer again = owner.post(from("s3://data/both/mono.zip").field("projectFolder", "jobs/one"));
            assertThat(project(again)).isEqualTo(project);
            assertThat(again.json().path("name")).isEqualTo(one.json().path("name"));
            assertThat(again.json().path("source")).isEqualTo(one.json().path("source"));
        }
        assertThat(fetches("both/mono.zip")).as("jobs/one is kept").isEqualTo(fetched);
        Answer two = ann.post(from("s3://data/both/mono.zip").field("projectFolder", "jobs/two"));
        assertThat(project(two)).isNotEqualTo(project);
        assertThat(fetches("both/mono.zip")).as("another folder was not").isEqualTo(fetched + 1);

        // The whole loses the folder around it when it is stored; the folders of it are still what they are.
        aws.s3.put(DATA, "both/mono2.zip", zip.bytes());
        assertThat(ann.post(from("s3://data/both/mono2.zip").field("entryPoint", "two/main.py"))
                        .status())
                .isEqualTo(202);
        assertThat(project(ann.post(from("s3://data/both/mono2.zip").field("projectFolder", "jobs/two"))))
                .isEqualTo(project(two));
    }

    private static Answer plan(Service service, Form form) throws Exception {
        return service.send(service.request("/plans")
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));
    }

    private int fetches(String key) {
        return (int) aws.s3.calls().stream()
                .filter(call -> call.startsWith("GetObject") && call.contains(key))
                .count();
    }

    private int packs(String path) {
        return (int) git.requests().stream()
                .filter(request -> request.startsWith("POST /" + path + "/"))
                .count();
    }

    private static Form from(String uri) {
        return new Form().field("project", uri);
    }

    private static void refused(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().path("type").asString()).endsWith(":" + type);
    }

    private static String project(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("spec").path("project").asString();
    }

    private static byte[] cut(byte[] zip) {
        return java.util.Arrays.copyOf(zip, zip.length - 40);
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write(MAIN.getBytes(UTF_8));
            zip.putNextEntry(new ZipEntry("conf/x.ini"));
            zip.write("[x]".getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    private static String sha256(String token) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    }
}
