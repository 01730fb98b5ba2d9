package io.slipway.livy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.project.ArtifactId;
import io.slipway.submission.ProjectSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of Livy's {@code POST /batches}, as Airflow and others write it. */
class CreateBatchTest {

    private static final String ID = "af9b9c2d9d007927d14b6be0c5aa7f1270dbefdea39cb37d434dfabe3585905c";
    private static final String FILE = "\"file\": \"slipway:sha256:" + ID + "\"";

    @Test
    void everyFieldBecomesAWishOfOurOwn() {
        CreateBatch batch = create("""
            {"file": "slipway:sha256:%s#conf/main.py", "proxyUser": "bob", "args": ["--a", 1, 2.5, true], "jars": ["s3://b/x.jar"],
             "pyFiles": ["s3://b/x.zip"], "files": ["s3://b/x.ini"], "archives": ["s3://b/x.tar.gz#env"], "driverMemory": "4g",
             "driverCores": "2", "executorMemory": "8GB", "executorCores": 4, "numExecutors": "10", "queue": "prod",
             "name": "nightly", "conf": {"spark.sql.shuffle.partitions": 200, "spark.x": "y"}}\
            """.formatted(ID));
        assertThat(batch.project()).isEqualTo(new ProjectSource.Stored(new ArtifactId(ID)));
        assertThat(batch.proxyUser()).isEqualTo("bob");
        assertThat(batch.spec())
                .containsEntry("entryPoint", "conf/main.py")
                .containsEntry("name", "nightly")
                .containsEntry("arguments", List.of("--a", "1", "2.5", "true"))
                .containsEntry("jars", List.of("s3://b/x.jar"))
                .containsEntry("pyFiles", List.of("s3://b/x.zip"))
                .containsEntry("files", List.of("s3://b/x.ini"))
                .containsEntry("archives", List.of("s3://b/x.tar.gz#env"))
                .containsEntry(
                        "sparkConf",
                        Map.of(
                                "spark.sql.shuffle.partitions", "200",
                                "spark.x", "y",
                                "spark.driver.memory", "4g",
                                "spark.driver.cores", "2",
                                "spark.executor.memory", "8GB",
                                "spark.executor.cores", "4",
                                "spark.executor.instances", "10",
                                "spark.yarn.queue", "prod"));
    }

    @Test
    void whatIsNotSentIsNotWished() {
        assertThat(create("{" + FILE + "}").spec()).isEmpty();
        assertThat(create("{" + FILE + ", \"name\": null, \"conf\": null, \"proxyUser\": null}"))
                .isEqualTo(new CreateBatch(new ProjectSource.Stored(new ArtifactId(ID)), null, Map.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mnt/job.py",
                "local:/job.py",
                "slipway:sha256:af9b",
                "",
                "slipway:job:01JD3Q8Z0V7M4T2K5E9XHWBRCN",
                "hdfs:///x.jar"
            })
    void saysWhatIsTakenInsteadOfAnyOtherFile(String file) {
        assertThatThrownBy(() -> create("{\"file\": \"" + file + "\"}"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("slipway:sha256:<id>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{FILE, \"files_\": []}|unrecognized field 'files_'",
                "{FILE, \"className\": \"org.Main\"}|className",
                "{\"file\": \"s3://b/x.jar\"}|className",
                "{FILE, \"args\": \"--a\"}|args is a list",
                "{FILE, \"args\": [[1]]}|args is a text",
                "{FILE, \"conf\": []}|conf is an object",
                "{FILE, \"conf\": {\"a\": {}}}|conf.a",
                "{FILE, \"driverMemory\": \"lots\"}|driverMemory",
                "[]|no JSON object",
                "nonsense|no JSON object",
                "{|no JSON object"
            })
    void refusesInASentenceWhatLivyWouldNotTake(String body, String why) {
        assertThatThrownBy(() -> create(body.replace("FILE", FILE)))
                .isInstanceOf(Rejected.class)
                .hasMessageStartingWith("Rejected, Reason: ")
                .hasMessageContaining(why);
    }

    @Test
    void aPythonFileInS3IsGivenToSparkSubmitAsItIs() {
        CreateBatch batch = create("""
            {"file": "s3a://b/jobs/main.py", "args": ["1"], "jars": ["s3://b/x.jar"], "pyFiles": ["s3n://b/x.zip"],
             "files": ["s3://b/x.ini#conf.ini"], "archives": ["s3://b/env.tar.gz#env"], "driverMemory": "4g",
             "conf": {"spark.yarn.dist.files": "s3://b/y.ini, s3://b/z.ini",
                      "spark.sql.warehouse.dir": "s3://warehouse/team",
                      "spark.driver.extraJavaOptions": "-Da='s3a://b/a' -Db=s3://c/d",
                      "spark.x": "hdfs:///y"}}\
            """);
        assertThat(batch.project()).isEqualTo(new ProjectSource.Remote("s3://b/jobs/main.py"));
        assertThat(batch.spec()).containsEntry("layout", "split").containsEntry("arguments", List.of("1"));
        assertThat(batch.uris())
                .containsExactlyInAnyOrder(
                        "s3://b/x.jar",
                        "s3://b/x.zip",
                        "s3://b/x.ini",
                        "s3://b/env.tar.gz",
                        "s3://b/y.ini",
                        "s3://b/z.ini",
                        "s3://warehouse/team",
                        "s3://b/a",
                        "s3://c/d");
    }

    @Test
    void aClassOfAJarInS3IsGivenToSparkSubmit() {
        CreateBatch batch = create("{\"file\": \"s3://b/lib/app.jar\", \"className\": \"org.example.Main\"}");
        assertThat(batch.project()).isEqualTo(new ProjectSource.Remote("s3://b/lib/app.jar"));
        assertThat(batch.spec()).isEqualTo(Map.of("entryPoint", "--class org.example.Main app.jar", "layout", "split"));
    }

    @Test
    void anArchiveInS3IsAWholeProject() {
        CreateBatch batch = create("{\"file\": \"s3://b/project.zip\"}");
        assertThat(batch.project()).isEqualTo(new ProjectSource.Remote("s3://b/project.zip"));
        assertThat(batch.spec()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"jars\": [\"/opt/x.jar\"]",
                "\"jars\": [\"x.jar\"]",
                "\"files\": [\"file:///etc/passwd\"]",
                "\"files\": [\"local:/etc/passwd\"]",
                "\"pyFiles\": [\"https://example.org/x.zip\"]",
                "\"archives\": [\"hdfs:///x.zip\"]",
                "\"jars\": [\"s3://b/*.jar\"]",
                "\"jars\": [\"s3://b/{x,y}.jar\"]",
                "\"jars\": [\"s3://b/x.jar,/opt/y.jar\"]",
                "\"conf\": {\"spark.jars\": \"s3://b/x.jar,/opt/y.jar\"}",
                "\"conf\": {\"spark.submit.pyFiles\": \"x.zip\"}",
                "\"conf\": {\"spark.yarn.dist.archives\": \"file:///x.zip\"}",
                "\"conf\": {\"spark.yarn.archive\": \"hdfs:///x.zip\"}",
                "\"conf\": {\"spark.jars.ivySettings\": \"/etc/ivy.xml\"}",
                "\"conf\": {\"spark.jars.repositories\": \"https://example.org/\"}",
                "\"conf\": {\"spark.x\": \"s3://b/*\"}"
            })
    void readsNothingButS3BesideAFileInS3(String field) {
        assertThatThrownBy(() -> create("{\"file\": \"s3://b/main.py\", " + field + "}"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("reads s3://bucket/key alone");
    }

    private static CreateBatch create(String body) {
        return CreateBatch.of(body.getBytes(StandardCharsets.UTF_8));
    }
}
