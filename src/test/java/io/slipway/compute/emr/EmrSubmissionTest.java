package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.ArtifactName;
import io.slipway.aws.EmrFault;
import io.slipway.aws.EmrStep;
import io.slipway.compute.Cluster;
import io.slipway.compute.PreparedBatch;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.launch.NodeProgram;
import io.slipway.jobs.Job;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One call for all orders, one attempt for each call, and no second step whatever EMR answers. */
class EmrSubmissionTest {

    private EmrFixture fixture;
    private final Map<List<Job>, PreparedBatch> prepared = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
        Turns.observe(fixture.compute, List.of());
        fixture.emr.forgetCalls();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void allOrdersGoInOneCallAndTheirIdsComeBackInOrder() {
        List<RunOrder> orders =
                IntStream.range(0, 20).mapToObj(i -> fixture.order("job " + i)).toList();

        List<StartResult> results = Turns.start(fixture.compute, orders);

        assertThat(fixture.emr.calls("AddJobFlowSteps")).hasSize(1);
        List<EmrStep> steps = fixture.emr.steps(EmrFixture.CLUSTER);
        for (int i = 0; i < 20; i++) {
            assertThat(steps.get(i).name()).startsWith("job " + i + " [");
            assertThat(EmrFixture.known(orders.get(i), results.get(i)).remoteId())
                    .isEqualTo(steps.get(i).id());
        }
    }

    @Test
    void ourProgramsAndALaunchFileForEachRunAreStagedBefore() {
        RunOrder order = fixture.order("job");

        fixture.start(order);

        assertThat(fixture.store.content)
                .containsOnlyKeys(
                        ArtifactName.launch(order.run().submissionKey().value()),
                        NodeProgram.launcher().name(),
                        NodeProgram.daemon().name());
        assertThat(fixture.emr.steps(EmrFixture.CLUSTER).get(0).tag())
                .isEqualTo(order.run().submissionKey().value());
    }

    @Test
    void noCallHasMoreThanAHundredSteps() {
        fixture.emr.released(EmrFixture.CLUSTER, "emr-spark-8.0.0");
        fixture.look(
                EmrFixture.known(fixture.order("seen"), new StartResult.Accepted(new SubmissionKey("k"), "s-1", null)));
        List<Job> wanted = IntStream.range(0, 230)
                .mapToObj(i -> fixture.job("job", i % 23 == 0 ? EmrFixture.ROLES + "jobs" : null))
                .toList();

        List<List<Job>> batches = batches(wanted);
        List<StartResult> results =
                batches.stream().flatMap(batch -> start(batch).stream()).toList();

        assertThat(batches).extracting(List::size).containsExactlyInAnyOrder(10, 100, 100, 20);
        assertThat(results)
                .hasSize(230)
                .allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Accepted.class));
        assertThat(sizesOf("AddJobFlowSteps", "Steps")).containsExactlyInAnyOrder(10, 100, 100, 20);
    }

    @Test
    void noCallCancelsMoreThanAHundredSteps() {
        fixture.emr.released(EmrFixture.CLUSTER, "emr-7.14.0");
        List<RunRef> runs = fixture.startAll("runs long", 230);

        fixture.compute.executor().cancel(runs);
        fixture.compute.executor().withdraw(runs);

        assertThat(sizesOf("AddJobFlowSteps", "Steps")).containsExactly(100, 100, 30);
        assertThat(sizesOf("CancelSteps", "StepIds")).containsExactly(100, 100, 30, 100, 100, 30);
        assertThat(fixture.emr.steps(EmrFixture.CLUSTER))
                .extracting(EmrStep::state)
                .containsOnly("CANCEL_PENDING");
    }

    private List<Integer> sizesOf(String operation, String list) {
        return fixture.emr.calls(operation).stream()
                .map(call -> call.body().path(list).size())
                .toList();
    }

    static List<EmrFault> unknownOutcomes() {
        return List.of(
                EmrFault.throttled(),
                EmrFault.throttledAfterAll(),
                EmrFault.error(),
                EmrFault.errorAfterAll(),
                EmrFault.closed(),
                EmrFault.closedAfterAll(),
                EmrFault.partlyTaken(),
                EmrFault.errorAfterHalf());
    }

    @ParameterizedTest
    @MethodSource("unknownOutcomes")
    void aFailedCallIsNotRepeatedAndALookTellsWhatBecameOfIt(EmrFault fault) {
        List<RunOrder> orders = List.of(fixture.order("one"), fixture.order("two"));
        fixture.emr.failNext("AddJobFlowSteps", fault);

        List<StartResult> results = Turns.start(fixture.compute, orders);

        assertThat(fixture.emr.calls("AddJobFlowSteps")).hasSize(1);
        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Unknown.class));
        int taken = fixture.emr.steps(EmrFixture.CLUSTER).size();
        for (int i = 0; i < 2; i++) {
            assertThat(fixture.look(orders.get(i).run()).phase()).isEqualTo(i < taken ? Phase.PENDING : Phase.ABSENT);
        }
    }

    @Test
    void aPausedSenderSendsNothing() {
        RunOrder order = fixture.order("job");
        fixture.store.onPut = () -> fixture.clock.advance(Duration.ofSeconds(11));

        StartResult result = fixture.start(order);

        assertThat(result).isInstanceOf(StartResult.NotNow.class);
        assertThat(fixture.emr.calls("AddJobFlowSteps")).isEmpty();
    }

    @Test
    void aSenderThatLeadsNoMoreSendsNothing() {
        RunOrder order = fixture.order("job");
        fixture.store.onPut = () -> fixture.lease.held = false;

        StartResult result = fixture.start(order);

        assertThat(result).isInstanceOf(StartResult.NotNow.class);
        assertThat(fixture.emr.calls("AddJobFlowSteps")).isEmpty();
    }

    @Test
    void aBatchIsDroppedForItsOldestIntent() {
        RunOrder old = fixture.order("old");
        fixture.clock.advance(Duration.ofSeconds(10));
        RunOrder young = fixture.order("young");

        List<StartResult> results = Turns.start(fixture.compute, List.of(old, young));

        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.NotNow.class));
        assertThat(fixture.emr.calls("AddJobFlowSteps")).isEmpty();
    }

    @Test
    void oneIntentIsOneCallAndANewIntentOfTheSameRunIsAnother() {
        RunOrder order = fixture.order("job");
        fixture.emr.failNext("AddJobFlowSteps", EmrFault.closed());
        PreparedBatch batch = Turns.prepare(fixture.compute, List.of(order)).get(0);
        batch.start(List.of(order.run()));

        assertThat(batch.start(List.of(order.run()))).singleElement().isInstanceOf(StartResult.Unknown.class);
        assertThat(fixture.emr.calls("AddJobFlowSteps")).hasSize(1);

        fixture.clock.advance(Duration.ofMinutes(7));
        RunRef again = new RunRef(order.run().submissionKey(), null, fixture.clock.instant());
        assertThat(fixture.start(new RunOrder(again, "job", order.plan()))).isInstanceOf(StartResult.Accepted.class);
    }

    @Test
    void anOrderThatCannotBeAStepIsRejectedAloneBeforeItPoisonsTheRest() {
        RunOrder tooLong = fixture.order("long", Map.of("spark.executor.extraJavaOptions", "x".repeat(10_300)));
        RunOrder local = fixture.order("local", Map.of("spark.master", "local[*]"));
        RunOrder good = fixture.order("good");

        List<StartResult> results = Turns.start(fixture.compute, List.of(tooLong, local, good));

        assertThat(results)
                .filteredOn(StartResult.Rejected.class::isInstance)
                .map(StartResult.Rejected.class::cast)
                .extracting(rejected -> rejected.reason().code())
                .containsExactly(Code.REJECTED_BY_CLUSTER, Code.REJECTED_BY_CLUSTER);
        assertThat(results)
                .filteredOn(StartResult.Accepted.class::isInstance)
                .extracting(StartResult::submissionKey)
                .containsExactly(good.run().submissionKey());
    }

    @Test
    void theRunsOfARefusedBatchGoOneByOneAFewATurnAndTheOthersDoNotWaitForThem() {
        fixture.emr.poison(name -> name.startsWith("bad"));
        List<Job> refused = Stream.of("one", "bad", "three", "four", "five", "six")
                .map(this::job)
                .toList();
        assertThat(batches(refused)).containsExactly(refused);
        assertThat(startNow(refused)).containsOnly("Unknown");
        fixture.clock.advance(Duration.ofMinutes(7));

        List<Job> wanted = new ArrayList<>(refused);
        Job fresh = job("fresh");
        wanted.add(fresh);
        List<List<Job>> batches = batches(wanted);

        assertThat(batches)
                .containsExactly(
                        refused.subList(0, 1),
                        refused.subList(1, 2),
                        refused.subList(2, 3),
                        refused.subList(3, 4),
                        List.of(fresh));
        assertThat(batches.stream().map(this::startNow))
                .containsExactly(
                        List.of("Accepted"),
                        List.of("Rejected"),
                        List.of("Accepted"),
                        List.of("Accepted"),
                        List.of("Accepted"));
        assertThat(batches(refused.subList(4, 6))).hasSize(2);
    }

    @Test
    void eachRuntimeRoleIsACall() {
        Job plain = job("plain");
        Job other = job("other");
        Job withRole = fixture.job("with role", EmrFixture.ROLES + "jobs");
        assertThat(batches(List.of(plain, withRole, other))).containsExactly(List.of(plain, other), List.of(withRole));
    }

    @Test
    void aCallForWhichThereIsNoTokenIsNotBegun() throws IOException {
        fixture.close();
        EmrSettings.Limit one = new EmrSettings.Limit(1, 0.1);
        EmrSettings.Budget tight = new EmrSettings.Budget(
                EmrFixture.BUDGET.total(),
                one,
                one,
                EmrFixture.PLENTY,
                EmrFixture.PLENTY,
                EmrFixture.PLENTY,
                EmrFixture.PLENTY,
                EmrFixture.BUDGET.appUi());
        fixture = new EmrFixture(EmrFixture.settings(tight), 2);
        fixture.clock.advance(Duration.ofSeconds(20));
        Job plain = job("plain");
        Job withRole = fixture.job("with role", EmrFixture.ROLES + "jobs");

        assertThat(batches(List.of(plain, withRole))).containsExactly(List.of(plain));
        assertThat(batches(List.of(withRole)))
                .as("the token is put aside for the next call, whose it is")
                .containsExactly(List.of(withRole));
        assertThat(startNow(List.of(withRole))).containsExactly("Accepted");
        assertThat(batches(List.of(plain))).isEmpty();
        fixture.clock.advance(Duration.ofSeconds(10));
        assertThat(batches(List.of(plain))).hasSize(1);
    }

    private Job job(String name) {
        return fixture.job(name, null);
    }

    private List<List<Job>> batches(List<Job> wanted) {
        return batches(fixture.compute, wanted);
    }

    /** Who goes with whom; what was prepared is kept for {@link #start}. */
    private List<List<Job>> batches(Cluster cluster, List<Job> wanted) {
        Map<SubmissionKey, Job> byKey =
                wanted.stream().collect(Collectors.toMap(Job::submissionKey, Function.identity()));
        List<List<Job>> batches = new ArrayList<>();
        for (PreparedBatch batch :
                Turns.prepare(cluster, wanted.stream().map(fixture::orderOf).toList())) {
            List<Job> jobs = batch.submissionKeys().stream().map(byKey::get).toList();
            batches.add(jobs);
            prepared.put(jobs, batch);
        }
        return batches;
    }

    /** Starts a batch that was prepared, under fresh intents. */
    private List<StartResult> start(List<Job> batch) {
        return Turns.start(
                prepared.get(batch), batch.stream().map(fixture::orderOf).toList());
    }

    /** What the results of a start under fresh intents are called. */
    private List<String> startNow(List<Job> batch) {
        return start(batch).stream()
                .map(result -> result.getClass().getSimpleName())
                .toList();
    }

    @Test
    void aFullClusterMakesNobodySuspect() {
        Turns.start(
                fixture.compute,
                IntStream.range(0, 255)
                        .mapToObj(i -> fixture.order("runs long"))
                        .toList());
        List<RunOrder> orders = List.of(fixture.order("one"), fixture.order("two"));

        assertThat(Turns.start(fixture.compute, orders))
                .allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Unknown.class));
        fixture.emr.forgetCalls();
        Turns.start(fixture.compute, orders.stream().map(this::intendedNow).toList());
        assertThat(fixture.emr.calls("AddJobFlowSteps")).hasSizeLessThan(2);
        assertThat(fixture.start(fixture.order("last"))).isInstanceOf(StartResult.Accepted.class);
        assertThat(fixture.start(fixture.order("over"))).isInstanceOf(StartResult.NotNow.class);
    }

    @Test
    void slowStagingLetsGoWhatIsReadyInTimeAndGoesOnWhereItStopped() {
        List<Job> jobs = IntStream.range(0, 10).mapToObj(i -> job("job " + i)).toList();
        fixture.store.onPut = () -> fixture.clock.advance(Duration.ofSeconds(2));

        List<List<Job>> first = batches(jobs);
        assertThat(first).hasSize(1);
        assertThat(first.get(0)).hasSizeBetween(2, 6);
        assertThat(startNow(first.get(0))).containsOnly("Accepted");
        List<Job> rest = jobs.subList(first.get(0).size(), jobs.size());
        List<Job> second = batches(rest).get(0);
        assertThat(second).as("it goes on where it stopped").hasSizeGreaterThanOrEqualTo(4);
        assertThat(startNow(second)).containsOnly("Accepted");
        List<Job> last = rest.subList(second.size(), rest.size());
        assertThat(last.isEmpty() || batches(last).get(0).equals(last)).isTrue();
    }

    @Test
    void toAClusterThatNeverAnsweredGoesOneStepWhoseRefusalIsDefinite() throws IOException {
        Cluster nowhere = fixture.provider.create("nowhere", new EmrClusterSettings("j-NOWHERE", 10, 10));
        Turns.observe(nowhere, List.of());
        List<Job> wanted = List.of(job("one"), job("two"), job("three"));

        List<List<Job>> batches = batches(nowhere, wanted);
        assertThat(batches).containsExactly(List.of(wanted.get(0)));
        StartResult result = start(batches.get(0)).get(0);
        assertThat(result)
                .isInstanceOfSatisfying(
                        StartResult.Rejected.class,
                        rejected -> assertThat(rejected.reason().message()).contains("job flow ID not valid"));
    }

    private RunOrder intendedNow(RunOrder order) {
        RunRef run = new RunRef(order.run().submissionKey(), null, fixture.clock.instant());
        return new RunOrder(run, order.jobName(), order.plan());
    }

    @Test
    void aStoreThatIsAwayMeansLater() {
        fixture.store.broken = name -> true;

        assertThat(fixture.start(fixture.order("job"))).isInstanceOf(StartResult.NotNow.class);
        Job first = job("one");
        assertThat(batches(List.of(first, job("two"), job("three"))))
                .as("one tells what keeps them waiting")
                .containsExactly(List.of(first));
    }

    @Test
    void aStepWhoseFilesCannotBeStagedKeepsNobodyElse() {
        Job bad = job("bad");
        List<Job> good = List.of(job("one"), job("two"));
        fixture.store.broken = name -> name.contains(bad.id().value());
        assertThat(batches(List.of(bad, good.get(0), good.get(1)))).containsExactly(good);
    }

    @Test
    void aClusterThatIsGoneIsNotAskedAtAll() {
        fixture.emr.terminate(EmrFixture.CLUSTER, "TERMINATED_WITH_ERRORS", "Terminated by user");
        // Older than what is good enough beside work that EMR itself would refuse.
        fixture.clock.advance(Duration.ofMinutes(10));

        StartResult.Rejected rejected = (StartResult.Rejected) fixture.start(fixture.order("job"));

        assertThat(rejected.reason().code()).isEqualTo(Code.CLUSTER_GONE);
        assertThat(fixture.emr.calls("AddJobFlowSteps")).isEmpty();
    }

    @Test
    void aBreakerThatIsOpenMeansLater() {
        fixture.breakers.circuitBreaker("emr").transitionToOpenState();

        assertThat(fixture.start(fixture.order("job"))).isInstanceOf(StartResult.NotNow.class);
        assertThat(fixture.emr.calls()).isEmpty();
    }
}
