package io.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.StepScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Projects that are named by their place in S3 meet what uploads meet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourcesServiceTest {

    private static final String DATA = "data";
    private static final String MAIN = "print('from s3')\n";

    private ServiceOnAws aws;
    private Service ann;
    private Service bob;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        aws = new ServiceOnAws();
        aws.s3.withBucket(DATA);
        aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(300)));
        aws.start(
                home,
                "--slipway.submission.plans.python=/bin/true",
                "--slipway.submission.archive.max-entries=50",
                "--slipway.security.tokens.ann=" + sha256("ann-token"),
                "--slipway.security.tokens.bob=" + sha256("bob-token"),
                "--slipway.sources.s3.fetch.path-style=true",
                "--slipway.sources.s3.allow[0].prefix=s3://data/ann",
                "--slipway.sources.s3.allow[0].owners=ann");
        ann = aws.client("ann-token");
        bob = aws.client("bob-token");
    }

    @AfterAll
    void stop() {
        aws.close();
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
        refused(ann.post(from("git+https://host/repo@main")), 422, "invalid-source");
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
