package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.ArtifactName;
import io.slipway.aws.EmrFault;
import io.slipway.aws.EmrStep;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void allOrdersGoInOneCallAndTheirIdsComeBackInOrder() {
        List<RunOrder> orders =
                IntStream.range(0, 20).mapToObj(i -> fixture.order("job " + i)).toList();

        List<StartResult> results = fixture.compute.start(orders);

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
                        ArtifactName.launch(order.run().submissionKey()),
                        NodeProgram.launcher().name(),
                        NodeProgram.daemon().name());
        assertThat(fixture.emr.steps(EmrFixture.CLUSTER).get(0).tag())
                .isEqualTo(order.run().submissionKey());
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

        List<StartResult> results = fixture.compute.start(orders);

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

        List<StartResult> results = fixture.compute.start(List.of(old, young));

        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.NotNow.class));
        assertThat(fixture.emr.calls("AddJobFlowSteps")).isEmpty();
    }

    @Test
    void oneIntentIsOneCallAndANewIntentOfTheSameRunIsAnother() {
        RunOrder order = fixture.order("job");
        fixture.emr.failNext("AddJobFlowSteps", EmrFault.closed());
        fixture.start(order);

        assertThat(fixture.start(order)).isInstanceOf(StartResult.Unknown.class);
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

        List<StartResult> results = fixture.compute.start(List.of(tooLong, local, good));

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
    void theRunsOfARefusedBatchGoOneByOneTheNextTimeAFewAtOnce() {
        fixture.emr.poison(name -> name.startsWith("bad"));
        List<RunOrder> orders = Stream.of("one", "bad", "three", "four", "five", "six")
                .map(fixture::order)
                .toList();

        assertThat(fixture.compute.start(orders))
                .allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Unknown.class));
        fixture.emr.forgetCalls();
        fixture.clock.advance(Duration.ofMinutes(7));
        RunOrder fresh = fixture.order("fresh");
        List<RunOrder> again =
                new ArrayList<>(orders.stream().map(this::intendedNow).toList());
        again.add(fresh);
        Map<String, StartResult> results = fixture.compute.start(again).stream()
                .collect(Collectors.toMap(StartResult::submissionKey, Function.identity()));

        assertThat(fixture.emr.calls("AddJobFlowSteps")).hasSize(1 + 4);
        assertThat(again)
                .extracting(order ->
                        results.get(order.run().submissionKey()).getClass().getSimpleName())
                .containsExactly("Accepted", "Rejected", "Accepted", "Accepted", "NotNow", "NotNow", "Accepted");
    }

    @Test
    void aFullClusterMakesNobodySuspect() {
        fixture.compute.start(IntStream.range(0, 255)
                .mapToObj(i -> fixture.order("runs long"))
                .toList());
        List<RunOrder> orders = List.of(fixture.order("one"), fixture.order("two"));

        assertThat(fixture.compute.start(orders))
                .allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Unknown.class));
        fixture.emr.forgetCalls();
        fixture.compute.start(orders.stream().map(this::intendedNow).toList());
        assertThat(fixture.emr.calls("AddJobFlowSteps")).hasSizeLessThan(2);
        assertThat(fixture.start(fixture.order("last"))).isInstanceOf(StartResult.Accepted.class);
        assertThat(fixture.start(fixture.order("over"))).isInstanceOf(StartResult.NotNow.class);
    }

    @Test
    void slowStagingSendsWhatIsReadyInTime() {
        List<RunOrder> orders =
                IntStream.range(0, 10).mapToObj(i -> fixture.order("job " + i)).toList();
        fixture.store.onPut = () -> fixture.clock.advance(Duration.ofSeconds(2));

        List<StartResult> results = fixture.compute.start(orders);

        assertThat(results).filteredOn(StartResult.Accepted.class::isInstance).hasSize(2);
        assertThat(results).filteredOn(StartResult.NotNow.class::isInstance).hasSize(8);
    }

    private RunOrder intendedNow(RunOrder order) {
        RunRef run = new RunRef(order.run().submissionKey(), null, fixture.clock.instant());
        return new RunOrder(run, order.jobName(), order.plan());
    }

    @Test
    void aStoreThatIsAwayMeansLater() {
        fixture.store.broken = true;

        assertThat(fixture.start(fixture.order("job"))).isInstanceOf(StartResult.NotNow.class);
    }

    @Test
    void aClusterThatIsGoneIsNotAskedAtAll() {
        fixture.emr.terminate(EmrFixture.CLUSTER, "TERMINATED_WITH_ERRORS", "Terminated by user");

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
