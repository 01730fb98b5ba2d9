package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.aws.EmrFault;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterSettings;
import io.slipway.compute.JobRules;
import io.slipway.compute.PreparedBatch;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A configured cluster may be whichever EMR cluster has a name, or carries tags, at the time. */
class EmrTargetsTest {

    private static final String OLD = "j-2OLDER";
    private static final String NEW = "j-1NEWER";

    private EmrFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
        cluster(OLD, "nightly", Map.of("team", "pricing", "stage", "prod"));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private void cluster(String id, String name, Map<String, String> tags) {
        fixture.emr.withCluster(id, 2, "s3://logs/" + id).named(id, name, tags);
        fixture.clock.advance(Duration.ofMinutes(1));
    }

    private Cluster compute(ClusterSettings.Emr settings) {
        return fixture.provider
                .create("target", new ClusterSettings(settings, null))
                .orElseThrow();
    }

    private Cluster named(String name) {
        return compute(new ClusterSettings.Emr(null, name, Map.of(), List.of(), 2, 2, JobRules.DEFAULT));
    }

    private Cluster tagged(Map<String, String> tags) {
        return compute(new ClusterSettings.Emr(null, null, tags, List.of(), 2, 2, JobRules.DEFAULT));
    }

    private boolean mayStart(Cluster target) {
        return goesTo(target) != null;
    }

    /** The EMR cluster to which a new run would go now; {@code null} when it would wait. */
    private String goesTo(Cluster target) {
        return Turns.prepare(target, List.of(fixture.orderOf(fixture.job("job", null)))).stream()
                .map(PreparedBatch::clusterId)
                .findFirst()
                .orElse(null);
    }

    private RunRef start(Cluster target, String jobName) {
        RunOrder order = fixture.order(jobName);
        PreparedBatch batch = Turns.prepare(target, List.of(order)).get(0);
        RunRef run = intended(order, batch);
        StartResult result = batch.start(List.of(run)).get(0);
        return result instanceof StartResult.Accepted accepted ? run.known(accepted.remoteId()) : run;
    }

    private static RunRef intended(RunOrder order, PreparedBatch batch) {
        RunRef run = order.run();
        return new RunRef(run.submissionKey(), null, run.intentAt(), batch.clusterId(), null);
    }

    private static RunReport look(Cluster target, RunRef run) {
        return Turns.observe(target, List.of(run)).stream()
                .filter(report -> report.submissionKey().equals(run.submissionKey()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void takesTheNewestThatHasTheName() {
        cluster(NEW, "nightly", Map.of());
        cluster("j-3OTHER", "daily", Map.of());
        Cluster target = named("nightly");

        RunRef run = start(target, "job");

        assertThat(run.place()).isEqualTo(NEW);
        assertThat(fixture.emr.steps(NEW)).hasSize(1);
        assertThat(target.health().place()).isEqualTo(NEW);
    }

    @Test
    void takesTheNewestThatCarriesAllTheTagsAndAsksEachClusterOnce() {
        cluster(NEW, "b", Map.of("team", "pricing", "stage", "test"));
        Cluster target = tagged(Map.of("team", "pricing", "stage", "prod"));

        assertThat(goesTo(target)).isEqualTo(OLD);
        assertThat(fixture.emr.calls("DescribeCluster").stream()
                        .filter(call -> call.body().path("ClusterId").asString().equals(NEW)))
                .hasSize(1);

        fixture.emr.terminate(OLD, "TERMINATING", "over");
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.emr.forgetCalls();
        assertThat(mayStart(target)).isFalse();
        assertThat(fixture.emr.calls("DescribeCluster").stream()
                        .filter(call -> call.body().path("ClusterId").asString().equals(NEW)))
                .as("its tags are known")
                .isEmpty();
    }

    @Test
    void staysWithOneClusterUntilItGoes() {
        Cluster target = named("nightly");
        start(target, "job");
        cluster(NEW, "nightly", Map.of());
        fixture.clock.advance(Duration.ofHours(1));

        assertThat(start(target, "job").place()).isEqualTo(OLD);
        assertThat(fixture.emr.calls("ListClusters")).hasSize(1);
    }

    @Test
    void newRunsGoToTheNextClusterAndThoseOfTheFormerAreLookedForThere() {
        Cluster target = named("nightly");
        RunRef first = start(target, "job");
        RunRef lost = start(target, "runs long");
        cluster(NEW, "nightly", Map.of());
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.emr.steps(OLD);
        fixture.emr.terminate(OLD, "TERMINATED", "over");
        fixture.clock.advance(Duration.ofMinutes(1));

        RunRef second = start(target, "job");
        List<RunReport> reports = Turns.observe(target, List.of(first, lost, second));

        assertThat(second.place()).isEqualTo(NEW);
        assertThat(reports).hasSize(3);
        assertThat(look(target, first).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(look(target, lost).phase()).isIn(Phase.FAILED, Phase.CANCELLED);
        assertThat(look(target, second).phase()).isIn(Phase.PENDING, Phase.RUNNING);
        assertThat(target.output().links(first).get("console").toString()).contains(OLD);
        assertThat(target.output().links(first).get("s3Logs").toString()).contains(OLD);
        assertThat(target.output().links(second).get("console").toString()).contains(NEW);
    }

    @Test
    void aRunWhoseAnswerWasLostIsAdoptedOnTheClusterThatItWasSentTo() {
        Cluster target = named("nightly");
        assertThat(mayStart(target)).isTrue();
        fixture.emr.failNext("AddJobFlowSteps", EmrFault.errorAfterAll());
        RunRef unclear = start(target, "runs long");
        assertThat(unclear.remoteId()).isNull();
        // The service starts again, and meanwhile there is a newer cluster of that name.
        cluster(NEW, "nightly", Map.of());
        Cluster restarted = named("nightly");
        start(restarted, "job");

        assertThat(goesTo(restarted)).isEqualTo(NEW);
        assertThat(look(restarted, unclear).remoteId()).isNotNull();
        assertThat(fixture.emr.steps(OLD)).hasSize(1);
    }

    @Test
    void whatAClusterThatClosedDidNotTakeMayGoToAnother() {
        Cluster target = named("nightly");
        RunOrder order = fixture.order("job");
        PreparedBatch batch = Turns.prepare(target, List.of(order)).get(0);
        fixture.emr.terminate(OLD, "TERMINATING", "over");

        assertThat(batch.start(List.of(intended(order, batch)))).hasOnlyElementsOfType(StartResult.NotNow.class);
        assertThat(mayStart(target)).as("there is no other yet").isFalse();
        assertThat(target.health().message()).contains("named nightly");
        cluster(NEW, "nightly", Map.of());
        assertThat(start(target, "job").place()).isEqualTo(NEW);
    }

    @Test
    void aClusterThatIsNamedByItsIdIsNotReplaced() {
        Cluster target = compute(new ClusterSettings.Emr(OLD, 2, 2));
        cluster(NEW, "nightly", Map.of());
        fixture.emr.terminate(OLD, "TERMINATING", "over");

        StartResult result = Turns.start(target, List.of(fixture.order("job"))).get(0);

        assertThat(((StartResult.Rejected) result).reason().code()).isEqualTo(Code.CLUSTER_GONE);
    }

    @Test
    void looksForAClusterWithinTheBudgetAndGoesOnWhereItStopped() {
        for (int i = 0; i < 60; i++) {
            cluster("j-4MANY%02d".formatted(i), "x", Map.of("n", "" + i));
        }
        fixture.emr.limitCalls();
        EmrSettings.Limit few = new EmrSettings.Limit(8, 0.45);
        EmrSettings tight = EmrFixture.settings(new EmrSettings.Budget(
                new EmrSettings.Total(20, 4.5), few, few, few, few, few, few, new EmrSettings.AppUi(3, 0.1)));
        Cluster target = fixture.provider(tight, fixture.emr.endpoint())
                .create(
                        "target",
                        new ClusterSettings(
                                new ClusterSettings.Emr(
                                        null, null, Map.of("team", "pricing"), List.of(), 2, 2, JobRules.DEFAULT),
                                null))
                .orElseThrow();

        int turns = 0;
        while (!mayStart(target) && turns < 300) {
            fixture.clock.advance(Duration.ofSeconds(1));
            turns++;
        }

        assertThat(goesTo(target)).isEqualTo(OLD);
        assertThat(fixture.emr.calls("ListClusters")).hasSize(2);
        assertThat(fixture.emr.calls("DescribeCluster")).hasSizeLessThanOrEqualTo(62);
        assertThat(fixture.meters
                        .counter("slipway.emr.calls", "api", "DescribeCluster", "outcome", "throttled")
                        .count())
                .isZero();
    }

    @Test
    void anEventOfAClusterIsAboutTheNameThatItStandsFor() {
        Cluster target = named("nightly");

        assertThat(fixture.provider.names(OLD)).isEmpty();
        start(target, "job");

        assertThat(fixture.provider.names(OLD)).containsExactly("target");
    }

    @Test
    void jobsNameOnlyThoseIdsThatThePatternsAllow() {
        ClusterSettings rules = new ClusterSettings(
                new ClusterSettings.Emr(null, null, Map.of(), List.of("j-2*"), 2, 2, JobRules.DEFAULT), null);

        Cluster byId = fixture.provider.byId(OLD, rules).orElseThrow();

        assertThat(byId.traits().name()).isEqualTo(OLD);
        assertThat(start(byId, "job").place()).isEqualTo(OLD);
        assertThat(fixture.provider.byId(NEW, rules)).isEmpty();
        assertThat(fixture.provider.byId("j-2; rm -rf /", rules)).isEmpty();
        assertThat(fixture.provider.byId(OLD, new ClusterSettings(new ClusterSettings.Emr(NEW, 2, 2), null)))
                .isEmpty();
    }

    @Test
    void theSettingsSayInOneWayWhichClusterItIs() {
        assertThatThrownBy(() ->
                        compute(new ClusterSettings.Emr(OLD, "nightly", Map.of(), List.of(), 2, 2, JobRules.DEFAULT)))
                .hasMessageContaining("slipway.clusters.target.emr")
                .hasMessageContaining("one way");
        assertThatThrownBy(
                        () -> compute(new ClusterSettings.Emr(null, null, Map.of(), List.of(), 2, 2, JobRules.DEFAULT)))
                .hasMessageContaining("one way");
    }
}
