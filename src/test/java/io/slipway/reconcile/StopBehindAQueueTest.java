package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.OnH2;
import io.slipway.artifacts.Artifacts;
import io.slipway.aws.EmrFault;
import io.slipway.aws.EmrStep;
import io.slipway.aws.MovableClock;
import io.slipway.aws.StepScript;
import io.slipway.compute.Clusters;
import io.slipway.compute.emr.EmrClusters;
import io.slipway.control.HistoryText;
import io.slipway.jobs.Cleanup;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.project.JobSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A cluster that runs one step at a time, with the default look-ahead and the default pace, and more jobs than it can hold: what a
 * stopped run left is dead within half a minute all the same, and nobody else pays for it.
 */
@ReconcilePersistence
@OnH2
@Tag("full")
class StopBehindAQueueTest {

    private static final String CLUSTER = EmrClusters.name(1);
    private static final String ID = EmrClusters.id(1);
    private static final Duration PROMISED = Duration.ofSeconds(30);

    @Autowired
    private Jobs jobs;

    @Autowired
    private TurnedLoop.Table table;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private JdbcTemplate jdbc;

    private final MovableClock clock = new MovableClock(StoredJobs.NOW);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private EmrClusters clusters;
    private TurnedLoop loop;

    @BeforeEach
    void start() throws IOException {
        for (String name : List.of("cleanup", "job_event", "job_label", "run", "job")) {
            jdbc.update("delete from " + name);
        }
        build(1);
    }

    private void build(int stepConcurrency) throws IOException {
        clusters = new EmrClusters(1, stepConcurrency, 2, Map.of(), meters, clock);
        clusters.emr.limitCalls();
        clusters.emr.pickUpTakes(ID, Duration.ofSeconds(3));
        clusters.emr.cancelTakes(ID, Duration.ofSeconds(4));
        clusters.emr.script(name -> name.startsWith("Slipway cleanup")
                ? StepScript.succeedsAfter(Duration.ofSeconds(7))
                : name.startsWith("long") ? StepScript.runsLong() : StepScript.succeedsAfter(Duration.ofSeconds(45)));
        restart();
    }

    /** Another process: nothing is known but what is in the table. */
    private void restart() {
        loop = new TurnedLoop(table, Clusters.of(clusters.computes), () -> true, meters, clock);
    }

    @AfterEach
    void stop() {
        assertThat(clusters.emr.duplicates())
                .as("names of steps that were added twice")
                .isEmpty();
        assertThat(clusters.emr.overQuota()).isZero();
        clusters.close();
    }

    @Test
    void theApplicationOfACancelledRunIsDeadWithinHalfAMinute() {
        Job cancelled = running("long");
        List<Job> behind = queued("next", 2);
        seconds(12);
        assertThat(behind).extracting(this::state).containsOnly(JobState.PENDING);
        queued("later", 100);
        seconds(1);

        cancel(cancelled);
        Duration took = until(() -> isDead(cancelled));

        assertThat(took).isLessThanOrEqualTo(PROMISED);
        assertThat(state(cancelled)).isEqualTo(JobState.CANCELLED);
        seconds(10);
        assertThat(cleanup(cancelled)).isEqualTo(Cleanup.State.DONE);
    }

    @Test
    void theRunsThatMadeWayLoseNeitherAttemptNorPlace() {
        Job cancelled = running("long");
        List<Job> behind = queued("next", 2);
        seconds(12);
        // Another owner's turn, and a higher priority: in EMR's queue neither could have gone first.
        Job others = stored().queued(Wanted.of("bob").named("other").on(CLUSTER), clock.instant());
        Job urgent =
                stored().queued(Wanted.of("ann").named("urgent").on(CLUSTER).first(9), clock.instant());
        cancel(cancelled);
        until(() -> state(behind.get(0)) == JobState.QUEUED);

        Job back = job(behind.get(0));
        assertThat(back.attempt()).isEqualTo(1);
        assertThat(back.runs()).isEmpty();
        assertThat(back.reason()).isEmpty();
        assertThat(jobs.eventsOf(back.id()))
                .filteredOn(event -> event.to() == JobState.QUEUED && event.from() == JobState.PENDING)
                .hasSize(1);
        assertThat(jobs.eventsOf(back.id()))
                .extracting(event -> HistoryText.of(event))
                .anySatisfy(message -> assertThat(message).contains("taken back before it began"));

        untilLater(() -> state(others) == JobState.RUNNING);
        assertThat(started()).containsExactly("long", "Slipway cleanup", "next", "next", "urgent", "other");
        assertThat(behind).extracting(this::state).containsOnly(JobState.SUCCEEDED);
        assertThat(behind).extracting(job -> job(job).runs().size()).containsOnly(1);
        assertThat(job(behind.get(0)).submissionKey()).hasToString(behind.get(0).id() + "-1.2");
    }

    @Test
    void theApplicationOfATimedOutRunIsDeadWithinHalfAMinuteAndItsNextAttemptWaitsForThat() {
        JobSpec.Limits limits = new JobSpec.Limits(Duration.ofMinutes(1), null, 2, 0);
        Job job = stored().queued(Wanted.of("ann").named("long").on(CLUSTER).limited(limits), clock.instant());
        List<Job> behind = queued("next", 5);
        until(() -> job(job).isStopRequested());
        Duration took = until(() -> isDead(job));
        assertThat(took).isLessThanOrEqualTo(PROMISED);
        until(() -> cleanup(job) == Cleanup.State.DONE);
        assertThat(job(job).attempt()).isEqualTo(2);
        untilLater(() -> state(job) == JobState.RUNNING);
        assertThat(started()).containsExactly("long", "Slipway cleanup", "next", "next", "long");
        assertThat(behind).extracting(other -> job(other).attempt()).containsOnly(1);
    }

    @Test
    void aRunThatSlipsIntoRunningIsStartedAgainWhenNothingOfItIsLeftAndCostsNoAttempt() throws IOException {
        clusters.close();
        build(2);
        Job cancelled = running("long");
        Job short_ = running("short");
        Job slips = queued("next", 1).get(0);
        seconds(12);
        assertThat(state(slips)).isEqualTo(JobState.PENDING);
        // Its step begins after the look and before the call arrives.
        clusters.emr.beforeNext(
                "CancelSteps", () -> clusters.emr.end(ID, step(short_).id()));
        cancel(cancelled);
        until(() -> step(slips).startedAt() != null);
        until(() -> state(slips) == JobState.QUEUED);

        assertThat(step(slips).state()).isEqualTo("CANCELLED");
        assertThat(cleanup(slips)).isEqualTo(Cleanup.State.WAITING);
        assertThat(clusters.emr.applications(ID)).contains(slips.id() + "-1");
        until(() -> isDead(slips));
        assertThat(starts(slips))
                .as("not before its first run has left nothing")
                .isEqualTo(1);
        until(() -> state(slips) == JobState.RUNNING);
        assertThat(job(slips).attempt()).isEqualTo(1);
        assertThat(starts(slips)).isEqualTo(2);
    }

    @Test
    void aServiceThatDiesOnTheWayGoesOnWhereItWas() {
        Job cancelled = running("long");
        List<Job> behind = queued("next", 2);
        seconds(12);
        cancel(cancelled);
        // It writes its intent, and dies before the call leaves.
        clusters.emr.failNext("CancelSteps", EmrFault.closed());
        seconds(1);
        assertThat(behind).extracting(this::state).containsOnly(JobState.PENDING);
        restart();
        // The call arrives, and it dies before the answer comes.
        clusters.emr.failNext("CancelSteps", EmrFault.closedAfterAll());
        seconds(1);
        restart();
        clock.advance(Duration.ofMinutes(3));
        restart();

        until(() -> cleanup(cancelled) == Cleanup.State.DONE);
        until(() -> state(behind.get(0)) == JobState.RUNNING);
        assertThat(behind).allSatisfy(job -> assertThat(job(job).attempt()).isEqualTo(1));
        assertThat(behind).allSatisfy(job -> assertThat(starts(job)).isEqualTo(2));
    }

    @Test
    void aRunThatIsSentAgainIsNotTakenForTheOneThatWasTakenBack() {
        Job cancelled = running("long");
        Job behind = queued("next", 1).get(0);
        seconds(12);
        cancel(cancelled);
        // The cleanup's call goes well; that of the run is lost, and nobody can know.
        clusters.emr.failNext("AddJobFlowSteps", EmrFault.slow(Duration.ZERO));
        clusters.emr.failNext("AddJobFlowSteps", EmrFault.closed());
        until(() -> cleanup(cancelled) == Cleanup.State.DONE);
        restart();
        seconds(60);
        assertThat(state(behind)).isEqualTo(JobState.SUBMITTING);
        assertThat(starts(behind)).isEqualTo(1);

        untilLater(() -> state(behind) == JobState.RUNNING);
        assertThat(starts(behind)).isEqualTo(2);
        assertThat(job(behind).attempt()).isEqualTo(1);
    }

    @Test
    void aRunThatIsSentAgainIsAdoptedWhenItsAnswerIsLost() {
        Job cancelled = running("long");
        Job behind = queued("next", 1).get(0);
        seconds(12);
        cancel(cancelled);
        clusters.emr.failNext("AddJobFlowSteps", EmrFault.slow(Duration.ZERO));
        clusters.emr.failNext("AddJobFlowSteps", EmrFault.closedAfterAll());
        until(() -> cleanup(cancelled) == Cleanup.State.DONE);
        restart();
        until(() -> state(behind) == JobState.RUNNING);
        assertThat(starts(behind)).isEqualTo(2);
        assertThat(job(behind).attempt()).isEqualTo(1);
    }

    @Test
    void whatWaitsForACancelOfItsOwnIsCancelled() {
        Job cancelled = running("long");
        List<Job> behind = queued("next", 2);
        seconds(12);
        cancel(cancelled);
        cancel(behind.get(0));
        until(() -> state(behind.get(0)) == JobState.CANCELLED);
        until(() -> state(behind.get(1)) == JobState.RUNNING);
        assertThat(starts(behind.get(0))).isEqualTo(1);
    }

    @Test
    void stepsOfOthersCannotBeTakenBackAndTheStorySaysSo() {
        Job cancelled = running("long");
        seconds(12);
        clusters.emr.addForeign(ID, "somebody's step");
        seconds(6);
        cancel(cancelled);
        until(() -> state(cancelled) == JobState.CANCELLED);
        assertThat(jobs.eventsOf(cancelled.id()))
                .extracting(event -> HistoryText.of(event))
                .anySatisfy(message -> assertThat(message).contains("has to wait for 1 step of others"));
        assertThat(cleanup(cancelled)).isEqualTo(Cleanup.State.WAITING);
        untilLater(() -> cleanup(cancelled) == Cleanup.State.DONE);
    }

    @Test
    void whereSlotsAreFreeNothingIsTakenBackAndNobodyWaits() throws IOException {
        clusters.close();
        build(5);
        Job cancelled = running("long");
        Job other = running("next");
        cancel(cancelled);
        Job meanwhile = queued("next", 1).get(0);
        seconds(1);
        assertThat(state(meanwhile)).isEqualTo(JobState.PENDING);
        until(() -> cleanup(cancelled) == Cleanup.State.DONE);
        assertThat(List.of(other, meanwhile)).extracting(this::state).containsOnly(JobState.RUNNING);
        assertThat(started()).containsExactly("long", "next", "next", "Slipway cleanup");
    }

    @Test
    void aRunIsStoppedAllTheSameWhenTheOthersDoNotMakeWay() {
        Job stuck = running("long");
        List<Job> behind = queued("next", 2);
        seconds(12);
        clusters.emr.cancelTakes(ID, Duration.ofHours(2));
        cancel(stuck);
        seconds(15);
        assertThat(clusters.emr.calls("CancelSteps").stream()
                        .filter(call -> call.body()
                                .path("StepIds")
                                .toString()
                                .contains(step(stuck).id())))
                .isNotEmpty();
        assertThat(behind).extracting(this::state).containsOnly(JobState.PENDING);
    }

    @Test
    void aRunThatDoesNotStopKeepsTheOthersWaitingForAWhileOnly() {
        Job stuck = running("long");
        Job behind = queued("next", 1).get(0);
        seconds(12);
        cancel(stuck);
        until(() -> state(behind) == JobState.QUEUED);
        clusters.emr.cancelTakes(ID, Duration.ofHours(2));
        seconds(60);
        assertThat(state(behind)).isEqualTo(JobState.QUEUED);
        seconds(60);
        assertThat(state(behind)).isEqualTo(JobState.PENDING);
        assertThat(state(stuck)).isEqualTo(JobState.RUNNING);
    }

    /** Whether no application of its first run is there any more. */
    private boolean isDead(Job job) {
        return clusters.emr.applications(ID).stream().noneMatch((job.id() + "-1")::equalsIgnoreCase);
    }

    private StoredJobs stored() {
        return new StoredJobs(table.transactions(), artifacts);
    }

    private List<Job> queued(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> stored().queued(Wanted.of("ann").named(name).on(CLUSTER), clock.instant()))
                .toList();
    }

    private Job running(String name) {
        Job job = queued(name, 1).get(0);
        until(() -> state(job) == JobState.RUNNING);
        return job;
    }

    private void cancel(Job job) {
        table.transactions().apply(job.id(), fresh -> fresh.cancelRequested("ann", clock.instant()));
    }

    private Duration until(BooleanSupplier reached) {
        return until(Duration.ofSeconds(1), reached);
    }

    private void untilLater(BooleanSupplier reached) {
        until(Duration.ofSeconds(5), reached);
    }

    private Duration until(Duration step, BooleanSupplier reached) {
        Instant from = clock.instant();
        while (!reached.getAsBoolean()) {
            assertThat(Duration.between(from, clock.instant()))
                    .as("it takes too long")
                    .isLessThan(step.multipliedBy(120));
            turn(step);
        }
        return Duration.between(from, clock.instant());
    }

    private void seconds(int seconds) {
        for (int second = 0; second < seconds; second++) {
            turn(Duration.ofSeconds(1));
        }
    }

    private void turn(Duration time) {
        clock.advance(time);
        clusters.emr.advance();
        loop.tick();
    }

    /** The names of what has begun, in that order. */
    private List<String> started() {
        return clusters.emr.steps(ID).stream()
                .filter(step -> step.startedAt() != null)
                .sorted(Comparator.comparing(EmrStep::startedAt))
                .map(step -> step.name().substring(0, step.name().indexOf(" [")))
                .toList();
    }

    private int starts(Job job) {
        return (int) clusters.emr.steps(ID).stream()
                .filter(step -> step.name().contains(job.id().value()))
                .count();
    }

    /** The first that was added for the job. */
    private EmrStep step(Job job) {
        return clusters.emr.steps(ID).stream()
                .filter(step -> step.name().contains(job.id().value()))
                .findFirst()
                .orElseThrow();
    }

    private Job job(Job job) {
        return jobs.findById(job.id()).orElseThrow();
    }

    private JobState state(Job job) {
        return job(job).state();
    }

    private Cleanup.State cleanup(Job job) {
        return job(job).all().cleanup().orElse(null);
    }
}
