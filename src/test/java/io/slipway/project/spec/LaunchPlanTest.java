package io.slipway.project.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.ArtifactId;
import io.slipway.project.JobSpec;
import io.slipway.project.LaunchPlan;
import io.slipway.project.SparkResource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchPlanTest {

    @Test
    void aResourceIsASettingOfSpark() {
        LaunchPlan plan =
                plan("{\"repositories\": [\"https://a.example/m\", \"https://b.example/m,https://c.example/m\"]}");

        assertThat(plan.sparkConf())
                .containsExactly(Map.entry(
                        "spark.jars.repositories", "https://a.example/m,https://b.example/m,https://c.example/m"));
        assertThat(plan.fieldOf("spark.jars.repositories")).isEqualTo("repositories");
        assertThat(plan.fieldOf("spark.executor.memory")).isEqualTo("sparkConf.spark.executor.memory");
    }

    @Test
    void whatTheSettingNamesIsKept() {
        LaunchPlan plan = plan("{\"sparkConf\": {\"spark.jars.repositories\": \"https://a.example/m\"},"
                + " \"repositories\": [\"https://b.example/m\"]}");

        assertThat(plan.sparkConf())
                .containsExactly(Map.entry("spark.jars.repositories", "https://a.example/m,https://b.example/m"));
    }

    @Test
    void packagesAreWrittenAsReadmesHaveThem() {
        assertThat(plan("{\"packages\": [\"org.postgresql:postgresql:42.7.4, io.delta:delta-spark_2.12:3.2.0\"]}")
                        .sparkConf())
                .containsExactly(Map.entry(
                        "spark.jars.packages", "org.postgresql:postgresql:42.7.4,io.delta:delta-spark_2.12:3.2.0"));
    }

    @Test
    void everyResourceIsAListOfTheSpec() {
        assertThat(SpecField.all().stream()
                        .filter(field -> field.kind() == SpecField.Kind.LIST)
                        .map(SpecField::key))
                .containsAll(Arrays.stream(SparkResource.values())
                        .map(SparkResource::field)
                        .toList());
    }

    private static LaunchPlan plan(String spec) {
        JobSpec wanted = new SpecReader().read(spec, Map.of(), null);
        return LaunchPlan.of(new ArtifactId("ab".repeat(32)), wanted.resolved("job", "local", "main.py", Map.of()));
    }
}
