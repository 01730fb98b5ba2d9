package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.EmrStep;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.StepScript;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files of a project that a step reads one by one lie in the bucket before the job is accepted; who sends the step only names them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class StagedFilesTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Pattern ADDRESS = Pattern.compile("s3://artifacts/([^#,]+)");
    private static final String MAIN = "from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate()\n";

    private ServiceOnAws aws;
    private Service client;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        aws = new ServiceOnAws();
        aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(300)));
        aws.start(
                home,
                "--slipway.compute.emr.pace=300ms",
                "--slipway.compute.emr.cluster-age=1s",
                "--slipway.compute.emr.budget.list-steps.per-second=10",
                "--slipway.submission.plans.python=/bin/true",
                "--slipway.submission.max-staged-files=100KB");
        client = aws.client(null);
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    @Test
    void whatSettingsNameLiesThereAtTheAnswerAndTheProjectIsReadNoMore() throws Exception {
        byte[] project = zip(Map.of("main.py", MAIN, "libs/a.jar", "A", "libs/b.jar", "B", "conf/x.ini", "[x]"));
        Answer answer = client.post(Form.project("p.zip", project)
                .field("name", "settings")
                .field("jars", "libs/*.jar")
                .field("sparkConf", "spark.files=conf/x.ini#renamed.ini"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        List<String> there = List.copyOf(aws.s3.keys(ServiceOnAws.BUCKET));

        EmrStep step = sent("settings");

        assertThat(pieces(step))
                .extracting(key -> key.replaceAll(".*_", ""))
                .containsExactlyInAnyOrder("a.jar", "b.jar", "x.ini");
        assertThat(there).containsAll(pieces(step)).contains(project(step));
        assertThat(aws.s3.calls()).doesNotContain("GetObject " + project(step));
    }

    @Test
    void aSplitProjectLiesThereInItsPieces() throws Exception {
        byte[] project = zip(Map.of("main.py", MAIN, "lib.py", "", "data/a.csv", "1", "data/b.csv", "2"));
        Answer answer = client.post(
                Form.project("p.zip", project).field("name", "split").field("layout", "split"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        List<String> there = List.copyOf(aws.s3.keys(ServiceOnAws.BUCKET));

        EmrStep step = sent("split");

        assertThat(pieces(step)).hasSize(3);
        assertThat(there).containsAll(pieces(step)).contains(project(step));
        assertThat(aws.s3.calls()).doesNotContain("GetObject " + project(step));
    }

    @Test
    void moreThanTheServiceBringsIsRefusedAtOnceByTheField() throws Exception {
        String large = "x".repeat(60_000);
        byte[] project = zip(Map.of("main.py", MAIN, "one.jar", large, "two.jar", large + "2"));
        Form form = Form.project("p.zip", project).field("jars", "one.jar").field("jars", "two.jar");

        Answer answer = client.post(form);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("errors").get(0).path("at").asString()).isEqualTo("jars");
        assertThat(answer.text()).contains("120,001 bytes", "102,400", "slipway.submission.max-staged-files", "s3://");
        assertThat(plan(form).json().path("problems").get(0).path("at").asString())
                .isEqualTo("jars");
    }

    @Test
    void aStoreThatFailsInBetweenLeavesNoJobAndTheNextTryBringsWhatIsMissing() throws Exception {
        byte[] project = zip(Map.of("main.py", MAIN + "# again", "one.jar", "1", "two.jar", "2"));
        Form form = Form.project("p.zip", project)
                .field("name", "failing")
                .field("jars", "one.jar")
                .field("jars", "two.jar");
        String[] key = {"Idempotency-Key", "staged-1"};
        // The project arrives, then nothing does.
        client.post(Form.project("p.zip", project).field("name", "earlier"));
        aws.s3.failNext("PutObject", 20, S3Fault.error(S3Error.ACCESS_DENIED));

        Answer failed = client.post(form, key);
        aws.s3.recover();

        assertThat(failed.status()).as(failed.text()).isEqualTo(503);
        Answer again = client.post(form, key);
        assertThat(again.status()).as(again.text()).isEqualTo(202);
        assertThat(aws.s3.keys(ServiceOnAws.BUCKET)).containsAll(addressesOf(sent("failing")));
    }

    @Test
    void aPlanTellsWhereWhatSettingsNameIsFound() throws Exception {
        byte[] project = zip(Map.of("main.py", MAIN, "libs/a.jar", "A", "conf/x.ini", "[x]", "data/ref.zip", "PK"));

        Answer plan = plan(Form.project("p.zip", project)
                .field("jars", "libs/a.jar")
                .field("files", "conf/x.ini#renamed.ini")
                .field("archives", "data/ref.zip"));

        assertThat(target(plan, "main.py")).isEqualTo("slipway-project/main.py");
        assertThat(target(plan, "conf/x.ini")).isEqualTo("slipway-project/conf/x.ini, renamed.ini");
        assertThat(target(plan, "data/ref.zip")).isEqualTo("slipway-project/data/ref.zip, ref.zip");
        assertThat(target(plan, "libs/a.jar"))
                .startsWith("slipway-project/libs/a.jar, ")
                .endsWith("_a.jar");
    }

    private static String target(Answer plan, String path) {
        for (JsonNode file : plan.json().path("files")) {
            if (file.path("path").asString().equals(path)) {
                return file.path("target").asString();
            }
        }
        throw new AssertionError(plan.text());
    }

    @Test
    void aPlanBringsNothing() throws Exception {
        byte[] project = zip(Map.of("main.py", MAIN + "# planned", "one.jar", "1"));

        Answer plan = plan(Form.project("p.zip", project).field("jars", "one.jar"));

        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        String projectId = plan.json().path("project").asString().replace("sha256:", "");
        assertThat(projectId).hasSize(64);
        assertThat(aws.s3.keys(ServiceOnAws.BUCKET))
                .noneMatch(each -> each.contains("pieces/" + projectId.substring(0, 32)));
        Answer job = client.post(new Form()
                .field("project", "sha256:" + projectId)
                .field("name", "planned")
                .field("jars", "one.jar"));
        assertThat(job.status()).as(job.text()).isEqualTo(202);
        assertThat(aws.s3.keys(ServiceOnAws.BUCKET)).containsAll(addressesOf(sent("planned")));
    }

    private Answer plan(Form form) throws Exception {
        return client.send(client.request("/plans")
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));
    }

    private EmrStep sent(String name) {
        return await().atMost(SOON)
                .until(
                        () -> {
                            aws.emr.advance();
                            return aws.emr.steps(ServiceOnAws.CLUSTER).stream()
                                    .filter(step -> step.name().startsWith(name))
                                    .findFirst();
                        },
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private static List<String> pieces(EmrStep step) {
        return addressesOf(step).stream()
                .filter(key -> key.contains("/pieces/"))
                .toList();
    }

    private static String project(EmrStep step) {
        return addressesOf(step).stream()
                .filter(key -> key.contains("/projects/"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> addressesOf(EmrStep step) {
        return step.args().stream()
                .flatMap(argument -> ADDRESS.matcher(argument).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static byte[] zip(Map<String, String> files) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
