package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.slipway.aws.EmrFault;
import io.slipway.compute.ClusterState;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.Observation;
import io.slipway.compute.RunExecutor.Calls;
import io.slipway.compute.RunOrder;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a look costs, and what it may and may not conclude. */
class EmrObservationTest {

    private EmrFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture(EmrFixture.SETTINGS, 256);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void liveRunsCostACallForEachFiftyAndManyEndedOnesComeByTheNewestPages() {
        List<RunRef> live = fixture.startAll("runs long", 101);
        List<RunRef> short25 = fixture.startAll("short", 25);
        fixture.clock.advance(Duration.ofSeconds(20));
        fixture.emr.forgetCalls();

        List<RunReport> reports = Turns.observe(fixture.compute, all(live, short25));

        assertThat(fixture.emr.calls("ListSteps")).hasSize(3 + 1);
        assertThat(reports).hasSize(126);
        assertThat(reports)
                .filteredOn(report -> report.phase() == Phase.SUCCEEDED)
                .hasSize(25);
    }

    @Test
    void aFewEndedRunsCostACallForEachTen() {
        List<RunRef> ended = fixture.startAll("short", 20);
        fixture.startAll("runs long", 60);
        fixture.clock.advance(Duration.ofSeconds(20));
        fixture.emr.forgetCalls();

        assertThat(Turns.observe(fixture.compute, ended)).hasSize(20);
        assertThat(fixture.emr.calls("ListSteps")).hasSize(2 + 2);
    }

    @Test
    void endedRunsFarBackAreAskedForByTheirIds() {
        List<RunRef> ended = fixture.startAll("short", 30);
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.startAll("runs long", 60);
        fixture.emr.forgetCalls();

        assertThat(Turns.observe(fixture.compute, ended))
                .hasSize(30)
                .allSatisfy(report -> assertThat(report.phase()).isEqualTo(Phase.SUCCEEDED));
        assertThat(fixture.emr.calls("ListSteps")).hasSize(2 + 1 + 3);
    }

    @Test
    void whatIsActiveUnderAKeyOfOursAndWasNotAskedAboutIsUnexpected() {
        RunOrder order = fixture.order("runs long");
        RunRef run = EmrFixture.known(order, fixture.start(order));
        RunRef again =
                new RunRef(run.submissionKey(), null, fixture.clock.instant().plusSeconds(1));
        fixture.clock.advance(Duration.ofSeconds(1));
        RunRef second = EmrFixture.known(order, fixture.start(new RunOrder(again, "runs long", order.plan())));

        assertThat(fixture.compute.executor().observe(List.of(run)).unexpectedRuns())
                .singleElement()
                .satisfies(unexpected -> assertThat(unexpected.remoteId()).isEqualTo(second.remoteId()));
    }

    @Test
    void theSweepGoesOnForAsLongAsALateCallCouldStillArrive() {
        RunRef run = fixture.startAll("runs long", 1).get(0);
        Turns.observe(fixture.compute, List.of(run));
        fixture.emr.forgetCalls();

        for (int i = 0; i < 100; i++) {
            Turns.observe(fixture.compute, List.of());
            fixture.clock.advance(Duration.ofSeconds(5));
        }

        assertThat(fixture.emr.calls("ListSteps")).hasSizeBetween(12, 14);
    }

    @Test
    void anIdThatEmrDoesNotKnowFailsNobodyElse() {
        List<RunRef> ended = fixture.startAll("short", 9);
        RunRef lost = new RunRef(new SubmissionKey("01LOST-1"), "s-NEVER", fixture.clock.instant());
        fixture.clock.advance(Duration.ofMinutes(7));

        List<RunReport> reports = Turns.observe(fixture.compute, all(ended, List.of(lost)));

        assertThat(reports).hasSize(10);
        assertThat(reports)
                .filteredOn(report -> report.phase() == Phase.FAILED)
                .singleElement()
                .satisfies(report -> {
                    assertThat(report.submissionKey()).hasToString("01LOST-1");
                    assertThat(report.reason().code()).isEqualTo(Code.OUTCOME_UNKNOWN);
                });
        assertThat(fixture.emr.calls("DescribeStep")).hasSize(1);
    }

    @Test
    void aYoungStepThatIsNotListedYetIsNotGivenUp() {
        fixture.emr.listingLag(EmrFixture.CLUSTER, Duration.ofSeconds(30));
        RunRef run = fixture.startAll("short", 1).get(0);

        assertThat(Turns.observe(fixture.compute, List.of(run))).isEmpty();

        fixture.clock.advance(Duration.ofSeconds(31));
        assertThat(fixture.look(run).phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aRunThatEndedBeforeItsIdArrivedIsFoundInTheHistory() {
        RunOrder order = fixture.order("fails");
        fixture.emr.failNext("AddJobFlowSteps", EmrFault.closedAfterAll());
        fixture.start(order);
        fixture.clock.advance(Duration.ofMinutes(1));

        RunReport report = fixture.look(order.run());

        assertThat(report.phase()).isEqualTo(Phase.FAILED);
        assertThat(report.remoteId()).isNotNull();
        assertThat(report.reason().code()).isEqualTo(Code.RUN_FAILED);
        assertThat(report.reason().message()).isEqualTo("The step failed: Exception in thread \"main\".");
    }

    @Test
    void absenceIsDatedByWhenTheLookBegan() {
        RunRef neverSent = fixture.order("job").run();

        RunReport report = fixture.look(neverSent);

        assertThat(report).isEqualTo(RunReport.absent(neverSent.submissionKey(), fixture.clock.instant()));
    }

    @Test
    void theHistoryIsReadBackToFiveMinutesBeforeTheIntentAndNoFurther() {
        fixture.startAll("short", 200);
        fixture.clock.advance(Duration.ofHours(1));
        fixture.startAll("short", 60);
        fixture.clock.advance(Duration.ofMinutes(4));
        RunRef neverSent = fixture.order("job").run();
        fixture.emr.forgetCalls();

        assertThat(fixture.look(neverSent).phase()).isEqualTo(Phase.ABSENT);
        assertThat(fixture.emr.calls("ListSteps")).hasSize(1 + 2);
    }

    @Test
    void behindTheHorizonNothingIsConcludedButThatAPersonMustLook() {
        RunRef run = fixture.order("job").run();
        for (int i = 0; i < 5; i++) {
            fixture.startAll("short", 256);
            fixture.clock.advance(Duration.ofSeconds(20));
        }

        assertThat(Turns.observe(fixture.compute, List.of(run)))
                .as("before the call can no longer arrive")
                .isEmpty();

        fixture.clock.advance(Duration.ofMinutes(7));
        RunReport report = fixture.look(run);
        assertThat(report.phase()).isEqualTo(Phase.FAILED);
        assertThat(report.reason().code()).isEqualTo(Code.SUBMISSION_UNKNOWN);
    }

    /** EMR forgets steps that ended; one that runs is there however old it is. */
    @Test
    void anOldStepThatStillRunsDoesNotShowThatTheListReachesBackToIt() {
        RunRef old = fixture.startAll("runs long", 1).get(0);
        fixture.clock.advance(Duration.ofHours(1));
        RunRef run = fixture.order("job").run();
        for (int i = 0; i < 5; i++) {
            fixture.startAll("short", 255);
            fixture.clock.advance(Duration.ofSeconds(20));
        }
        fixture.clock.advance(Duration.ofMinutes(7));

        List<RunReport> reports = Turns.observe(fixture.compute, List.of(old, run));

        assertThat(reports)
                .filteredOn(report -> report.submissionKey().equals(old.submissionKey()))
                .extracting(RunReport::phase)
                .containsExactly(Phase.RUNNING);
        assertThat(reports)
                .filteredOn(report -> report.submissionKey().equals(run.submissionKey()))
                .extracting(report -> report.reason().code())
                .containsExactly(Code.SUBMISSION_UNKNOWN);
    }

    @Test
    void aClusterThatEndedEndsItsLiveRunsAfterTheirLastStateWasRead() {
        RunRef done = fixture.startAll("short", 1).get(0);
        fixture.clock.advance(Duration.ofSeconds(20));
        RunRef live = fixture.startAll("runs long", 1).get(0);
        RunRef neverSent = fixture.order("job").run();
        fixture.clock.advance(Duration.ofSeconds(20));
        fixture.emr.terminate(EmrFixture.CLUSTER, "TERMINATED", "Terminated by user request");
        fixture.clock.advance(Duration.ofSeconds(30));

        List<RunReport> reports = Turns.observe(fixture.compute, List.of(done, live, neverSent));

        assertThat(reports)
                .filteredOn(report -> report.submissionKey().equals(done.submissionKey()))
                .extracting(RunReport::phase)
                .containsExactly(Phase.SUCCEEDED);
        assertThat(reports)
                .filteredOn(report -> report.submissionKey().equals(live.submissionKey()))
                .extracting(report -> report.reason().code())
                .containsExactly(Code.CLUSTER_GONE);
        assertThat(reports)
                .filteredOn(report -> report.submissionKey().equals(neverSent.submissionKey()))
                .extracting(report -> report.reason().code())
                .containsExactly(Code.CLUSTER_GONE);
        assertThat(fixture.compute.health().state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(fixture.compute.health().message()).contains("Terminated by user request");
    }

    @Test
    void aStepThatTheEndOfItsClusterCancelledIsGoneWithIt() throws IOException {
        fixture.close();
        fixture = new EmrFixture(EmrFixture.SETTINGS, 1);
        List<RunRef> runs = fixture.startAll("runs long", 3);
        fixture.clock.advance(Duration.ofSeconds(5));
        fixture.compute.executor().cancel(List.of(runs.get(2)));
        fixture.clock.advance(Duration.ofMinutes(2));
        Turns.observe(fixture.compute, runs.subList(0, 2));
        fixture.clock.advance(Duration.ofSeconds(5));
        fixture.emr.terminate(EmrFixture.CLUSTER, "TERMINATED", "Terminated by user request");
        fixture.clock.advance(Duration.ofMinutes(2));

        assertThat(Turns.observe(fixture.compute, runs))
                .extracting(report -> report.phase() + " " + report.reason().code())
                .containsExactly("FAILED CLUSTER_GONE", "FAILED CLUSTER_GONE", "CANCELLED CANCELLED_ON_CLUSTER");
    }

    /** Between two full looks nobody else asks for the cluster. */
    @ParameterizedTest
    @EnumSource(Calls.class)
    void aLookAtOneRunAlsoKnowsThatItsClusterHasEndedWithIt(Calls calls) {
        RunRef run = fixture.startAll("runs long", 1).get(0);
        fixture.clock.advance(Duration.ofMinutes(2));
        Turns.observe(fixture.compute, List.of(run));
        fixture.clock.advance(Duration.ofMinutes(2));
        fixture.emr.terminate(EmrFixture.CLUSTER, "TERMINATED", "Terminated by user request");

        assertThat(lookAt(List.of(run), calls))
                .extracting(report -> report.phase() + " " + report.reason().code())
                .containsExactly("FAILED CLUSTER_GONE");
    }

    /** EMR counts both kinds by themselves. */
    @Test
    void oneRunAloneIsAskedForWhenTheCallsForSeveralAreSpent() throws IOException {
        fixture.close();
        fixture = withFewListings();
        List<RunRef> ended = fixture.startAll("short", 3);
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.emr.forgetCalls();
        lookAt(ended, Calls.TOGETHER);
        lookAt(ended, Calls.TOGETHER);
        assertThatThrownBy(() -> lookAt(ended, Calls.TOGETHER)).isInstanceOf(ComputeUnavailable.Spent.class);

        assertThat(lookAt(ended.subList(1, 2), Calls.ONE_BY_ONE))
                .extracting(report -> report.submissionKey() + " " + report.phase())
                .containsExactly(ended.get(1).submissionKey() + " SUCCEEDED");

        assertThat(fixture.emr.calls("ListSteps")).hasSize(2);
        assertThat(fixture.emr.calls("DescribeStep")).hasSize(1);
    }

    @Test
    void aLookAtOneRunThatIsThrottledCostsThisCallAlone() {
        List<RunRef> ended = fixture.startAll("short", 1);
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.emr.weather(operation -> operation.equals("DescribeStep") ? EmrFault.throttled() : null);

        for (int look = 0; look < 20; look++) {
            assertThatThrownBy(() -> lookAt(ended, Calls.ONE_BY_ONE))
                    .isInstanceOf(ComputeUnavailable.class)
                    .hasMessageContaining("Rate exceeded");
        }

        assertThat(fixture.emr.calls("DescribeStep")).hasSize(20);
        assertThat(fixture.breakers.circuitBreaker("emr").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(lookAt(ended, Calls.TOGETHER)).extracting(RunReport::phase).containsExactly(Phase.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(Calls.class)
    void ofAStepThatEmrDoesNotKnowOrThatIsAnothersNothingIsTold(Calls calls) {
        RunRef others = fixture.startAll("short", 1).get(0);
        fixture.clock.advance(Duration.ofMinutes(1));

        for (String step : List.of("s-NEVER", others.remoteId())) {
            RunRef run = new RunRef(new SubmissionKey("01MINE-1"), step, fixture.clock.instant());
            assertThat(lookAt(List.of(run), calls)).as(step).isEmpty();
        }
    }

    private List<RunReport> lookAt(List<RunRef> runs, Calls calls) {
        return fixture.compute.executor().lookAt(runs, calls);
    }

    @Test
    void aStepThatCompletedBeforeItsClusterEndedHasSucceededHoweverOldTheListingIs() throws IOException {
        fixture.close();
        fixture = withFewListings();
        List<RunRef> runs = fixture.startAll("short", 150);
        assertThat(Turns.observe(fixture.compute, runs))
                .as("two of three pages")
                .isEmpty();
        fixture.clock.advance(Duration.ofSeconds(61));
        fixture.emr.steps(EmrFixture.CLUSTER);
        fixture.emr.terminate(EmrFixture.CLUSTER, "TERMINATED", "Terminated by user request");

        List<RunReport> reports = untilFinished(runs);

        assertThat(reports).hasSize(150);
        assertThat(reports).extracting(RunReport::phase).containsOnly(Phase.SUCCEEDED);
    }

    @Test
    void aRunThatIsHeardOfWhileItsAbsenceIsBeingProvenIsNotAbsent() throws IOException {
        fixture.close();
        fixture = withFewListings();
        fixture.startAll("short", 200);
        fixture.clock.advance(Duration.ofMinutes(1));
        RunOrder order = fixture.order("runs long");
        fixture.clock.advance(Duration.ofSeconds(1));
        assertThat(Turns.observe(fixture.compute, List.of(order.run())))
                .as("the newest page was read, and more are to come")
                .isEmpty();
        RunRef known = EmrFixture.known(order, fixture.start(order));

        assertThat(untilFinished(List.of(known))).isEmpty();
        fixture.clock.advance(Duration.ofMinutes(1));
        assertThat(fixture.look(known).phase()).isIn(Phase.PENDING, Phase.RUNNING);
    }

    /** Two, and then one every two seconds. */
    private static EmrFixture withFewListings() throws IOException {
        return new EmrFixture(
                EmrFixture.settings(new EmrSettings.Budget(
                        EmrFixture.BUDGET.total(),
                        EmrFixture.PLENTY,
                        EmrFixture.PLENTY,
                        new EmrSettings.Limit(2, 0.5),
                        EmrFixture.PLENTY,
                        EmrFixture.PLENTY,
                        EmrFixture.PLENTY,
                        EmrFixture.BUDGET.appUi())),
                256);
    }

    /** The look that has begun. */
    private List<RunReport> untilFinished(List<RunRef> runs) {
        List<RunReport> learned = new ArrayList<>();
        for (int turns = 0; turns < 60; turns++) {
            fixture.clock.advance(Duration.ofSeconds(2));
            Observation look = fixture.compute.executor().observe(runs);
            learned.addAll(look.reports());
            if (look.complete()) {
                return learned;
            }
        }
        throw new AssertionError("the look does not end");
    }

    @Test
    void aCancelledStepsApplicationGoesOn() {
        RunRef run = fixture.startAll("runs long", 1).get(0);
        fixture.clock.advance(Duration.ofSeconds(5));
        fixture.compute.executor().cancel(List.of(run));
        fixture.clock.advance(Duration.ofSeconds(5));

        assertThat(fixture.look(run).phase()).isEqualTo(Phase.CANCELLED);
        assertThat(fixture.emr.applications(EmrFixture.CLUSTER))
                .containsExactly(run.submissionKey().value());
    }

    @Test
    void aStepThatCompletesUnderItsCancelHasSucceeded() {
        fixture.emr.cancelTakes(EmrFixture.CLUSTER, Duration.ofMinutes(1));
        RunRef run = fixture.startAll("short", 1).get(0);
        fixture.clock.advance(Duration.ofSeconds(5));
        fixture.compute.executor().cancel(List.of(run));

        assertThat(fixture.look(run).phase()).isEqualTo(Phase.RUNNING);
        fixture.clock.advance(Duration.ofMinutes(2));
        assertThat(fixture.look(run).phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void throttledReadsAreRepeatedAndNeverOpenTheBreaker() {
        RunRef run = fixture.startAll("runs long", 1).get(0);
        for (int i = 0; i < 60; i++) {
            fixture.emr.failNext("ListSteps", EmrFault.throttled());
        }
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> fixture.look(run))
                    .isInstanceOf(ComputeUnavailable.class)
                    .hasMessageContaining("Rate exceeded");
        }

        assertThat(fixture.emr.calls("ListSteps")).hasSize(60);
        assertThat(fixture.breakers.circuitBreaker("emr").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(fixture.look(run).phase()).isEqualTo(Phase.PENDING);
    }

    @Test
    void anOutageOpensTheBreakerAndEmrIsLeftAlone() {
        RunRef run = fixture.startAll("runs long", 1).get(0);
        fixture.emr.weather(operation -> EmrFault.error());
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> fixture.look(run)).isInstanceOf(ComputeUnavailable.class);
        }

        assertThat(fixture.breakers.circuitBreaker("emr").getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(fixture.emr.calls("ListSteps")).hasSizeLessThan(30);
    }

    @Test
    void whatWasLearnedBeforeAFailureIsTold() {
        List<RunRef> live = fixture.startAll("runs long", 1);
        List<RunRef> ended = fixture.startAll("short", 1);
        fixture.clock.advance(Duration.ofSeconds(20));
        Turns.observe(fixture.compute, live);
        int[] calls = {0};
        fixture.emr.weather(operation -> operation.equals("ListSteps") && ++calls[0] > 1 ? EmrFault.error() : null);

        assertThat(Turns.observe(fixture.compute, all(live, ended)))
                .extracting(RunReport::submissionKey)
                .containsExactly(live.get(0).submissionKey());
    }

    @Test
    void aClusterWhoseStateIsNotToldIsStillObserved() {
        RunRef run = fixture.startAll("runs long", 1).get(0);
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.emr.weather(operation -> operation.equals("DescribeCluster") ? EmrFault.throttled() : null);

        assertThat(fixture.look(run).phase()).isEqualTo(Phase.RUNNING);
        assertThat(fixture.compute.health().state()).isEqualTo(ClusterState.WAITING);
        assertThat(fixture.compute.health().message()).contains("Rate exceeded");
    }

    private static List<RunRef> all(List<RunRef> some, List<RunRef> others) {
        List<RunRef> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    @Test
    void aLookThatStoppedHalfwayIsForgottenWhenAnotherHasLedSince() throws IOException {
        fixture.close();
        fixture = withFewListings();
        fixture.startAll("runs long", 200);
        RunRef lost = new RunRef(new SubmissionKey("01JLOST-1"), null, fixture.clock.instant());
        fixture.clock.advance(Duration.ofMinutes(10));
        assertThat(Turns.observe(fixture.compute, List.of(lost)))
                .as("two of its pages")
                .isEmpty();

        fixture.emr.forgetCalls();
        fixture.lease.term++;
        fixture.clock.advance(Duration.ofSeconds(4));
        Turns.observe(fixture.compute, List.of(lost));
        fixture.clock.advance(Duration.ofSeconds(4));
        Turns.observe(fixture.compute, List.of(lost));
        assertThat(fixture.emr.calls("ListSteps").get(0).body().path("Marker").isMissingNode())
                .as("from its first page")
                .isTrue();
    }

    @Test
    void aListThatEndsNearTheHorizonMayHaveLostItsEnd() {
        for (int i = 0; i < 4; i++) {
            fixture.startAll("job", 240);
            fixture.clock.advance(Duration.ofHours(2));
            Turns.observe(fixture.compute, List.of());
        }
        RunRef lost = new RunRef(
                new SubmissionKey("01JLOST-1"), null, fixture.clock.instant().minus(Duration.ofHours(12)));
        assertThat(fixture.look(lost).reason().code()).isEqualTo(Code.SUBMISSION_UNKNOWN);
    }
}
