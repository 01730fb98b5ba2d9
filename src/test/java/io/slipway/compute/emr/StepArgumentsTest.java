package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a plan becomes, argument by argument: emr-facts, section 13, the row in bold type. */
class StepArgumentsTest {

    static final StepArguments.Staged STAGED = new StepArguments.Staged(
            URI.create("s3://my-bucket/slipway/programs/slipway_launcher_0123456789abcdef.py"),
            URI.create("s3://my-bucket/slipway/projects/project_" + EmrFixture.PROJECT + ".zip"),
            URI.create("s3://my-bucket/slipway/launches/launch_01JH0000000000000000000001-1.json"));

    private static final String KEY = "01JH0000000000000000000001-1";

    @Test
    void theExampleProjectBecomesTheStepOfTheGoldenFile() throws IOException {
        Map<String, String> conf = new LinkedHashMap<>();
        conf.put("spark.executor.memory", "4g");
        conf.put("spark.sql.shuffle.partitions", "8");
        LaunchPlan plan = new LaunchPlan(
                EmrFixture.PROJECT,
                "project.py",
                List.of("--day", "2026-01-05"),
                conf,
                Map.of("DB_PASSWORD", "never in a step"));

        List<String> arguments = StepArguments.of(plan, "normal-squares", KEY, STAGED);

        try (InputStream golden = getClass().getResourceAsStream("normal-squares-step.json")) {
            JsonMapper json = JsonMapper.builder().build();
            Map<String, Object> step = new LinkedHashMap<>();
            step.put("Name", StepName.of("normal-squares", KEY));
            step.put("Jar", StepArguments.JAR);
            step.put("Args", arguments);
            assertThat(json.readTree(json.writeValueAsString(step))).isEqualTo(json.readTree(golden));
        }
    }

    @Test
    void argumentsAndEnvironmentStayOutOfTheStep() {
        LaunchPlan plan = new LaunchPlan(
                EmrFixture.PROJECT, "project.py", List.of("an-argument"), Map.of(), Map.of("TOKEN", "a-secret"));

        assertThat(String.join(" ", StepArguments.of(plan, "job", KEY, STAGED)))
                .doesNotContain("an-argument", "a-secret", "TOKEN");
        assertThat(new String(LaunchFile.of(plan), StandardCharsets.UTF_8))
                .isEqualTo("{\"entryPoint\":\"project.py\",\"arguments\":[\"an-argument\"],"
                        + "\"environment\":{\"TOKEN\":\"a-secret\"}}");
    }

    @Test
    void anEntryInAFolderIsImportableOnExecutorsFromThereToo() {
        assertThat(conf("src/jobs/main.py", Map.of()))
                .containsEntry("spark.executorEnv.PYTHONPATH", "slipway-project:slipway-project/src/jobs");
    }

    @Test
    void whatAJobAddsToOurOwnSettingsIsKept() {
        Map<String, String> wishes = Map.of(
                "spark.executorEnv.PYTHONPATH", "environment/lib",
                "spark.yarn.maxAppAttempts", "2",
                "spark.archives", "s3://b/env.tar.gz#environment",
                "spark.files", "s3://b/extra.csv");

        assertThat(conf("project.py", wishes))
                .containsEntry("spark.executorEnv.PYTHONPATH", "slipway-project:environment/lib")
                .containsEntry("spark.yarn.maxAppAttempts", "2")
                .doesNotContainKeys("spark.archives", "spark.files");
        List<String> arguments = arguments("project.py", wishes);
        assertThat(arguments.get(arguments.indexOf("--archives") + 1))
                .endsWith(".zip#slipway-project,s3://b/env.tar.gz#environment");
        assertThat(arguments.get(arguments.indexOf("--files") + 1)).endsWith("-1.json,s3://b/extra.csv");
    }

    @Test
    void settingsThatWouldBreakTheRunAreObjectedToByName() {
        LaunchPlan plan = new LaunchPlan(
                EmrFixture.PROJECT,
                "a$b/main.py",
                List.of(),
                Map.of("spark.master", "local[*]", "spark.yarn.tags", "x", "master", "y", "spark.executor.cores", "2"),
                Map.of());

        assertThat(SparkConfRules.objections(plan))
                .extracting(detail -> detail.at())
                .containsExactlyInAnyOrder(
                        "sparkConf.spark.master", "sparkConf.spark.yarn.tags", "sparkConf.master", "entryPoint");
    }

    private static List<String> arguments(String entryPoint, Map<String, String> conf) {
        return StepArguments.of(
                new LaunchPlan(EmrFixture.PROJECT, entryPoint, List.of(), conf, Map.of()), "job", KEY, STAGED);
    }

    private static Map<String, String> conf(String entryPoint, Map<String, String> wishes) {
        Map<String, String> conf = new LinkedHashMap<>();
        List<String> arguments = arguments(entryPoint, wishes);
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--conf")) {
                String[] pair = arguments.get(i + 1).split("=", 2);
                conf.put(pair[0], pair[1]);
            }
        }
        return conf;
    }
}
