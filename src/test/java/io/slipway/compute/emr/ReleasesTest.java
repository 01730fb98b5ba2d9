package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.Cluster;
import io.slipway.compute.Preview;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.launch.JobRules;
import io.slipway.compute.emr.launch.JobRules.Container.Runtime;
import io.slipway.compute.emr.launch.StepArgumentsTest;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.Finding;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** YARN runs images from release 6.1 on; which release a cluster is, is known once it has been looked at. */
class ReleasesTest {

    private static final String CLUSTER = "j-2RELEASED";

    private EmrFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({
        "emr-5.36.0, true",
        "emr-6.0.0, true",
        "emr-6.0.1, true",
        "emr-6.1.0, false",
        "emr-6.15.0, false",
        "emr-7.10.0, false",
        "emr-7.14.0, false",
        "emr-spark-8.0.0, false",
        "emr-spark-8.1.0-latest, false"
    })
    void aClusterThatIsTooOldForImagesOnYarnRefusesThem(String label, boolean refused) {
        Cluster cluster = compute(label, Runtime.YARN);
        Turns.observe(cluster, List.of());

        assertThat(preview(cluster).findings()).extracting(Finding::code).doesNotContain("release-not-seen");
        assertThat(preview(cluster).problems().isEmpty()).isNotEqualTo(refused);
        if (refused) {
            assertThat(preview(cluster).problems()).singleElement().satisfies(problem -> {
                assertThat(problem.at()).isEqualTo("mode");
                assertThat(problem.message()).contains("6.1", label, "primary-node");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"emr-5.36.0", "emr-6.0.0"})
    void thePrimaryNodeRunsImagesOnOlderReleasesToo(String label) {
        Cluster cluster = compute(label, Runtime.PRIMARY_NODE);
        Turns.observe(cluster, List.of());

        assertThat(preview(cluster).problems()).isEmpty();
    }

    @Test
    void aReleaseThatNobodyHasSeenIsSaidToBeUnknownAndHeldAgainstNobody() {
        Preview preview = preview(compute("emr-5.36.0", Runtime.YARN));

        assertThat(preview.problems()).isEmpty();
        assertThat(preview.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("release-not-seen");
            assertThat(finding.isWarning()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "emr-next", "emr-spark-next", "emr-99999999999.1.0"})
    void aLabelThatNobodyKnowsTellsNothing(String label) {
        Cluster cluster = compute(label, Runtime.YARN);
        Turns.observe(cluster, List.of());

        assertThat(preview(cluster).problems()).isEmpty();
        assertThat(preview(cluster).findings()).extracting(Finding::code).containsExactly("release-not-seen");
    }

    @Test
    void aJobThatWasAcceptedBeforeTheReleaseWasKnownIsRefusedBeforeItIsSent() {
        Cluster cluster = compute("emr-6.0.0", Runtime.YARN);

        StartResult result = Turns.start(
                        cluster,
                        List.of(new RunOrder(
                                new io.slipway.jobs.RunRef(
                                        new SubmissionKey("01JH0000000000000000000001-1"),
                                        null,
                                        fixture.clock.instant()),
                                "scores",
                                plan())))
                .get(0);

        assertThat(result)
                .isInstanceOfSatisfying(
                        StartResult.Rejected.class,
                        rejected -> assertThat(rejected.reason().message()).contains("emr-6.0.0"));
        assertThat(fixture.emr.calls("AddJobFlowSteps")).isEmpty();
    }

    private Cluster compute(String label, Runtime runtime) {
        fixture.emr.withCluster(CLUSTER, 2, "s3://logs/x").released(CLUSTER, label);
        JobRules rules = StepArgumentsTest.rules(runtime, List.of(), null);
        return fixture.provider.create(
                "target", new EmrClusterSettings(CLUSTER, null, Map.of(), List.of(), 2, 2, rules));
    }

    private static LaunchPlan plan() {
        return StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CONTAINER, "project.py", Map.of());
    }

    private static Preview preview(Cluster cluster) {
        return cluster.preview().preview("scores", plan(), StepArgumentsTest.FILES);
    }
}
