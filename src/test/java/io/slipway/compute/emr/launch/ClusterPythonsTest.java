package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.emr.client.Release;
import io.slipway.project.ArtifactId;
import io.slipway.project.ClusterPython;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Python a program gets, so that a newer one is asked for before it runs. */
class ClusterPythonsTest {

    @ParameterizedTest
    @CsvSource({
        "5, 19, 3.4",
        "5, 20, 3.6",
        "5, 29, 3.6",
        "5, 36, 3.7",
        "6, 0, 3.7",
        "6, 15, 3.7",
        "7, 0, 3.9",
        "7, 2, 3.9",
        "7, 14, 3.9",
        "8, 0, 3.11"
    })
    void aReleaseBringsThePythonOfAwssGuide(int major, int minor, String python) {
        Release release = new Release("emr-" + major + "." + minor + ".0", major, minor);

        assertThat(ClusterPythons.of(plan(Map.of(), null), JobRules.DEFAULT, Optional.empty(), Optional.of(release)))
                .hasValueSatisfying(found -> {
                    assertThat(found.major() + "." + found.minor()).isEqualTo(python);
                    assertThat(found.origin()).contains(release.label());
                });
    }

    @Test
    void aTemplateThatInstallsAnotherPythonGivesThatOne() {
        assertThat(ClusterPythons.of(
                        plan(Map.of(), null),
                        JobRules.DEFAULT,
                        Optional.of("3.11"),
                        Optional.of(new Release("emr-7.2.0", 7, 2))))
                .hasValueSatisfying(found -> {
                    assertThat(found.minor()).isEqualTo(11);
                    assertThat(found.origin()).contains("template");
                });
    }

    @Test
    void aReleaseThatNobodyKnowsIsNotGuessed() {
        assertThat(ClusterPythons.of(plan(Map.of(), null), JobRules.DEFAULT, Optional.empty(), Optional.empty()))
                .isEmpty();
        assertThat(ClusterPythons.of(
                        plan(Map.of(), null),
                        JobRules.DEFAULT,
                        Optional.empty(),
                        Optional.of(new Release("emr-9.1.0", 9, 1))))
                .isEmpty();
    }

    @Test
    void thePythonThatAJobNamesIsTheOneThatCounts() {
        assertThat(of(Map.of("spark.pyspark.python", "/usr/bin/python3.11"), null))
                .map(ClusterPython::minor)
                .contains(11);
        assertThat(of(Map.of("spark.pyspark.python", "/opt/env/bin/python"), null))
                .isEmpty();
        assertThat(of(Map.of(), "s3://b/env.tar.gz")).isEmpty();
        assertThat(of(Map.of(), null).orElseThrow().wayOut()).contains("python3.11");
    }

    private static Optional<ClusterPython> of(Map<String, String> sparkConf, @Nullable String environment) {
        Release release = new Release("emr-7.2.0", 7, 2);
        return ClusterPythons.of(
                plan(sparkConf, environment), JobRules.DEFAULT, Optional.empty(), Optional.of(release));
    }

    private static LaunchPlan plan(Map<String, String> sparkConf, @Nullable String environment) {
        Launch launch = new Launch(
                Layout.UNCHANGED, Mode.CLUSTER, null, new Python(List.of(), environment), null, FailOn.NEVER);
        return new LaunchPlan(new ArtifactId("ab".repeat(32)), "main.py", List.of(), sparkConf, Map.of(), launch);
    }

    @ParameterizedTest
    @CsvSource({
        "spark.executor.extraJavaOptions, -Dx={{y}}, true",
        "spark.driver.extraJavaOptions, -Dx={{y}}, true",
        "spark.yarn.am.extraJavaOptions, -Dx=a<CPS>b, true",
        "spark.executor.extraJavaOptions, -Dx={{PWD}}/y, false",
        "spark.executor.extraJavaOptions, -Dx={y}, false",
        "spark.app.note, {{y}}, false"
    })
    void javaOptionsThatYarnWouldChangeAreFound(String key, String value, boolean found) {
        assertThat(PlanRules.findings(plan(Map.of(key, value), null), JobRules.DEFAULT, List.of(), List.of()))
                .extracting(finding -> finding.code())
                .isEqualTo(found ? List.of("java-options-mangled") : List.of());
    }
}
