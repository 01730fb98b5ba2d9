package io.slipway.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepSummary;
import software.amazon.awssdk.services.emr.model.Tag;

/** The stand-in does what the facts say of EMR, as the real SDK sees it. */
class SimulatedEmrTest {

    private static final String CLUSTER = "j-SIMULATED";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
    private SimulatedEmr emr;
    private EmrClient client;

    @BeforeEach
    void start() throws IOException {
        emr = SimulatedEmr.start(clock).withCluster(CLUSTER, 2, null);
        client = EmrClient.builder()
                .region(Region.EU_CENTRAL_1)
                .endpointOverride(emr.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        emr.close();
    }

    @Test
    void asManyStepsRunAsTheConcurrencyAllowsInTheOrderOfTheirSubmission() {
        add(4);
        assertThat(states()).containsOnly(StepState.PENDING);

        clock.advance(Duration.ofSeconds(2));
        assertThat(states())
                .containsExactly(StepState.PENDING, StepState.PENDING, StepState.RUNNING, StepState.RUNNING);

        clock.advance(Duration.ofSeconds(10));
        assertThat(states())
                .containsExactly(StepState.RUNNING, StepState.RUNNING, StepState.COMPLETED, StepState.COMPLETED);
    }

    @Test
    void timeThatPassedUnwatchedPassedInOrder() {
        add(4);
        clock.advance(Duration.ofHours(1));

        assertThat(list())
                .extracting(step -> step.status().timeline().endDateTime())
                .containsExactly(at(21), at(21), at(11), at(11));
    }

    @Test
    void listingsComeByFiftyNewestFirst() {
        List<String> ids = Stream.of(add(60), add(60)).flatMap(List::stream).toList();

        assertThat(client.listSteps(request -> request.clusterId(CLUSTER)).steps())
                .hasSize(50);
        assertThat(list()).hasSize(120);
        assertThat(list().get(0).id()).isEqualTo(ids.get(119));
    }

    @Test
    void idsAreTakenByTenAndAllOrNone() {
        List<String> ids = add(11);

        assertThat(byIds(ids.subList(0, 10))).hasSize(10);
        assertRefused(() -> byIds(ids), "ValidationException");
        assertRefused(() -> byIds(List.of(ids.get(0), "s-NONE")), "InvalidRequestException");
        assertRefused(
                () -> client.listSteps(request ->
                        request.clusterId(CLUSTER).stepIds(ids.get(0)).stepStates(StepState.RUNNING)),
                "InvalidRequestException");
    }

    @Test
    void newReleasesTakeAHundredStepsACall() {
        for (String release : List.of("emr-7.14.0", "emr-7.20.1", "emr-8.0.0", "emr-spark-8.0.0")) {
            emr.released(CLUSTER, release);
            assertRefused(() -> add(101), "ValidationException");
        }
        emr.released(CLUSTER, "emr-7.13.0");
        assertThat(add(101)).hasSize(101);
    }

    @Test
    void notMoreThan256StepsAreActive() {
        add(200);

        assertRefused(() -> add(57), "ValidationException");
        assertThat(add(56)).hasSize(56);
    }

    @Test
    void behindTheHorizonAStepCannotBeSeen() {
        String first = add(1).get(0);
        for (int i = 0; i < 4; i++) {
            add(250);
            clock.advance(Duration.ofHours(1));
        }

        assertThat(list()).hasSize(1000);
        assertRefused(() -> byIds(List.of(first)), "InvalidRequestException");
        assertThat(emr.steps(CLUSTER)).hasSize(1001);
    }

    @Test
    void theQuotaIsABurstAndARefill() {
        emr.limitCalls();
        for (int i = 0; i < 10; i++) {
            client.listSteps(request -> request.clusterId(CLUSTER));
        }
        assertRefused(() -> client.listSteps(request -> request.clusterId(CLUSTER)), "ThrottlingException");

        clock.advance(Duration.ofSeconds(2));
        client.listSteps(request -> request.clusterId(CLUSTER));
        assertRefused(() -> client.listSteps(request -> request.clusterId(CLUSTER)), "ThrottlingException");
    }

    @Test
    void anOldSignatureIsRefused() {
        Clock later = Clock.fixed(Instant.now().plusSeconds(400), ZoneOffset.UTC);
        emr.refuseOldSignatures(later);

        assertRefused(() -> add(1), "InvalidSignatureException");
        assertThat(emr.steps(CLUSTER)).isEmpty();
    }

    @Test
    void aTerminatedClusterTakesNothing() {
        emr.terminate(CLUSTER, "TERMINATED", "by user");

        assertRefused(() -> add(1), "ValidationException");
    }

    private String make(String name) {
        return client.runJobFlow(request -> request.name(name)
                        .releaseLabel("emr-7.14.0")
                        .autoTerminationPolicy(policy -> policy.idleTimeout(600L))
                        .bootstrapActions(action -> action.name("ours")
                                .scriptBootstrapAction(
                                        script -> script.path("s3://b/x.sh").args("--life", "60")))
                        .tags(tag -> tag.key("k").value("v"))
                        .instances(instances -> instances
                                .keepJobFlowAliveWhenNoSteps(true)
                                .instanceGroups(group -> group.instanceRole("MASTER")
                                        .instanceType("m7g.xlarge")
                                        .instanceCount(1))))
                .jobFlowId();
    }

    private Cluster describe(String id) {
        return client.describeCluster(request -> request.clusterId(id)).cluster();
    }

    private ClusterState stateOf(String id) {
        return describe(id).status().state();
    }

    private List<String> listed(Instant after) {
        return client.listClusters(request -> request.createdAfter(after)).clusters().stream()
                .map(ClusterSummary::name)
                .toList();
    }

    @Test
    void aClusterIsMadeTakesStepsAndEndsWhenItIsIdle() {
        String id = make("made");
        assertThat(stateOf(id)).isEqualTo(ClusterState.STARTING);
        assertThat(describe(id).tags()).extracting(Tag::key).containsExactly("k");
        assertThat(client.listBootstrapActions(request -> request.clusterId(id)).bootstrapActions())
                .singleElement()
                .satisfies(action -> assertThat(action.args()).containsExactly("--life", "60"));

        clock.advance(Duration.ofMinutes(4));
        assertThat(stateOf(id)).isEqualTo(ClusterState.BOOTSTRAPPING);
        clock.advance(Duration.ofMinutes(2));
        assertThat(stateOf(id)).isEqualTo(ClusterState.WAITING);
        clock.advance(Duration.ofMinutes(8));
        assertThat(stateOf(id)).isEqualTo(ClusterState.WAITING);
        clock.advance(Duration.ofMinutes(2));
        assertThat(stateOf(id)).isEqualTo(ClusterState.TERMINATED);
        assertThat(describe(id).normalizedInstanceHours()).isEqualTo(8);
    }

    @Test
    void clustersAreListedByTheTimeOfTheirMakingAfterALag() {
        make("early");
        clock.advance(Duration.ofMinutes(1));
        emr.clusterListingLag(Duration.ofSeconds(30));
        Instant between = clock.instant();
        make("late");

        assertThat(listed(between)).isEmpty();
        clock.advance(Duration.ofSeconds(31));
        assertThat(listed(between)).containsExactly("late");
        assertThat(listed(Instant.EPOCH)).contains("early", "late");
    }

    @Test
    void terminationTakesAWhileAndMayBeRepeated() {
        String id = make("made");
        client.terminateJobFlows(request -> request.jobFlowIds(id));
        assertThat(stateOf(id)).isEqualTo(ClusterState.TERMINATING);
        client.terminateJobFlows(request -> request.jobFlowIds(id));
        clock.advance(Duration.ofMinutes(3));

        assertThat(stateOf(id)).isEqualTo(ClusterState.TERMINATED);
        assertRefused(() -> client.terminateJobFlows(request -> request.jobFlowIds("j-NONE")), "ValidationException");
    }

    @Test
    void aClusterMayFailInItsBootstrapOrForWantOfCapacityAndTellsWhy() {
        emr.clusterScript(name -> name.equals("boots")
                ? ClusterScript.bootstrapFails(Duration.ofMinutes(1))
                : ClusterScript.noCapacity(Duration.ofMinutes(1)));
        String boots = make("boots");
        String capacity = make("capacity");
        clock.advance(Duration.ofMinutes(2));

        assertThat(describe(boots).status().stateAsString()).isEqualTo("TERMINATED_WITH_ERRORS");
        assertThat(describe(boots).status().stateChangeReason().codeAsString()).isEqualTo("BOOTSTRAP_FAILURE");
        assertThat(describe(capacity).status().errorDetails().get(0).errorMessage())
                .contains("no capacity");
    }

    @Test
    void aCallThatFailsMayHaveMadeItsCluster() {
        emr.failNext("RunJobFlow", EmrFault.errorAfterAll());
        assertThatThrownBy(() -> make("made")).isInstanceOf(AwsServiceException.class);
        emr.failNext("RunJobFlow", EmrFault.error());
        assertThatThrownBy(() -> make("never")).isInstanceOf(AwsServiceException.class);
        emr.failNext("RunJobFlow", EmrFault.closedAfterAll());
        assertThatThrownBy(() -> make("lost")).isInstanceOf(RuntimeException.class);

        assertThat(listed(Instant.EPOCH)).contains("made", "lost").doesNotContain("never");
    }

    private List<String> add(int count) {
        List<StepConfig> steps = IntStream.range(0, count)
                .mapToObj(i -> StepConfig.builder()
                        .name("step " + i)
                        .actionOnFailure(ActionOnFailure.CONTINUE)
                        .hadoopJarStep(jar -> jar.jar("command-runner.jar").args("true"))
                        .build())
                .toList();
        return client.addJobFlowSteps(request -> request.jobFlowId(CLUSTER).steps(steps))
                .stepIds();
    }

    private List<StepSummary> list() {
        return client.listStepsPaginator(request -> request.clusterId(CLUSTER)).steps().stream()
                .toList();
    }

    private List<StepState> states() {
        return list().stream().map(step -> step.status().state()).toList();
    }

    private List<StepSummary> byIds(List<String> ids) {
        return client.listSteps(request -> request.clusterId(CLUSTER).stepIds(ids))
                .steps();
    }

    private static Instant at(int second) {
        return Instant.parse("2026-01-05T12:00:00Z").plusSeconds(second);
    }

    private static void assertRefused(ThrowingCallable call, String code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        failure -> assertThat(failure.awsErrorDetails().errorCode())
                                .isEqualTo(code));
    }
}
