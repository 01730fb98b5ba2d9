package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.ArtifactId;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.JobSpec;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.spec.SpecReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The case spark-conf-project-paths, and its kind. */
class SparkFilesTest {

    private static final List<ProjectFile> PROJECT = Stream.of(
                    "configs/etl_config.json", "deps.zip", "env.tar.gz", "jars/driver.jar", "jars/other.jar", "main.py")
            .map(path -> new ProjectFile(path, 1, "", false))
            .toList();

    @Test
    void pathsOfTheProjectGetAddressesOfTheirOwn() {
        LaunchPlan plan = plan("""
            {"sparkConf": {"spark.jars": "jars/driver.jar", "spark.files": "./configs/etl_config.json",
                           "spark.submit.pyFiles": "deps.zip", "spark.archives": "env.tar.gz#env"}}\
            """);
        SparkFiles files = SparkFiles.of(plan);

        assertThat(files.problems(plan, PROJECT)).isEmpty();
        assertThat(files.conf(named -> "at:" + named.inProject() + ">" + named.landing()))
                .isEqualTo(Map.of(
                        "spark.jars", "at:jars/driver.jar>driver.jar",
                        "spark.files", "at:configs/etl_config.json>etl_config.json",
                        "spark.submit.pyFiles", "at:deps.zip>deps.zip",
                        "spark.archives", "at:env.tar.gz>env"));
    }

    @Test
    void settingsOfTheSameMeaningAreJoined() {
        LaunchPlan plan = plan("""
            {"files": ["a.txt"], "sparkConf": {"spark.yarn.dist.files": "b.txt", "spark.yarn.dist.jars": "x.jar",
                "spark.yarn.dist.archives": "env.tar.gz#env", "spark.jars": "y.jar"}}\
            """);

        assertThat(plan.sparkConf())
                .isEqualTo(Map.of(
                        "spark.files", "b.txt,a.txt",
                        "spark.jars", "y.jar,x.jar",
                        "spark.archives", "env.tar.gz#env"));
    }

    @Test
    void otherRelativePathsAreAProblemAtTheFieldThatNamesThem() {
        LaunchPlan plan = plan("""
            {"jars": ["jars/drivr.jar", "../x.jar"], "sparkConf": {"spark.files": "nowhere.json"}}\
            """);

        assertThat(SparkFiles.of(plan).problems(plan, PROJECT))
                .extracting(Detail::at)
                .containsExactly("jars", "jars", "sparkConf.spark.files");
        assertThat(SparkFiles.of(plan).problems(plan, PROJECT).get(0).message())
                .contains("'jars/drivr.jar'", "'jars/driver.jar'");
    }

    @Test
    void aPathOfTheClustersOwnIsToldAndNoMore() {
        LaunchPlan plan = plan("{\"jars\": [\"/usr/lib/hudi/hudi.jar\", \"s3://b/x.jar\"]}");

        assertThat(SparkFiles.of(plan).problems(plan, PROJECT)).isEmpty();
        assertThat(SparkFiles.of(plan).findings(plan)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.INFO);
            assertThat(finding.what()).contains("/usr/lib/hudi/hudi.jar");
        });
    }

    @Test
    void wildcardsMeanFilesOfTheProject() {
        LaunchPlan plan = plan("{\"jars\": [\"jars/*.jar\"], \"files\": [\"none/*.json\"]}");

        assertThat(SparkFiles.of(plan).among(PROJECT).ofProject())
                .extracting(SparkFiles.Named::path)
                .containsExactly("jars/driver.jar", "jars/other.jar", "none/*.json");
        assertThat(SparkFiles.of(plan).problems(plan, PROJECT))
                .extracting(Detail::at)
                .containsExactly("files");
    }

    @Test
    void twoFilesOfOneNameAreAProblem() {
        LaunchPlan plan = plan("{\"jars\": [\"jars/driver.jar\", \"s3://b/driver.jar\"]}");

        assertThat(SparkFiles.of(plan).problems(plan, PROJECT))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("same name"));
    }

    @Test
    void aForgottenPrefixIsWarnedOfWithTheRightName() {
        LaunchPlan plan = plan(
                "{\"sparkConf\": {\"executor.memory\": \"4g\", \"fs.s3a.endpoint\": \"x\", \"spark.executor.cores\":"
                        + " \"2\"}}");

        assertThat(PlanFindings.of(plan, PROJECT))
                .filteredOn(finding -> finding.code().equals("spark-prefix"))
                .extracting(Finding::wayOut)
                .containsExactly("Write spark.executor.memory.", "Write spark.hadoop.fs.s3a.endpoint.");
    }

    private static LaunchPlan plan(String spec) {
        JobSpec wanted = new SpecReader().read(spec, Map.of(), null);
        return LaunchPlan.of(new ArtifactId("ab".repeat(32)), wanted.resolved("job", "local", "main.py", Map.of()));
    }
}
