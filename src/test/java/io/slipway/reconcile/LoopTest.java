package io.slipway.reconcile;

import static io.slipway.jobs.JobFixtures.NOW;
import static io.slipway.jobs.JobFixtures.PROJECT;
import static io.slipway.jobs.JobFixtures.aReceivedJob;
import static io.slipway.jobs.JobFixtures.aSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.MutableClock;
import io.slipway.OnH2;
import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.compute.FakeCompute.Fault;
import io.slipway.control.HistoryText;
import io.slipway.jobs.Cleanup;
import io.slipway.jobs.Cleanups;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;

/** The loop, turned by hand: the table and a cluster come together whatever gets lost between them. */
@ReconcilePersistence
@OnH2
class LoopTest {

    private static final Duration SETTLE = Duration.ofMinutes(5);

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private Cleanups cleanups;

    @Autowired
    private TurnedLoop.Table table;

    private final MutableClock clock = new MutableClock(NOW);

    @Autowired
    private JdbcTemplate jdbc;

    private FakeCompute cluster;
    private boolean leader;
    private TurnedLoop loop;

    @BeforeEach
    void build() {
        for (String table : List.of("cleanup", "job_event", "job_label", "run", "job")) {
            jdbc.update("delete from " + table);
        }
        artifacts.record(Artifact.of(PROJECT, 1, NOW));
        leader = true;
        cluster = new FakeCompute("fake", 3, SETTLE, clock);
        loop = loop(cluster);
    }

    private TurnedLoop loop(FakeCompute... clusters) {
        return loop(Clusters.of(List.of(clusters)));
    }

    private TurnedLoop loop(Clusters clusters) {
        return new TurnedLoop(table, clusters, () -> leader, new SimpleMeterRegistry(), clock);
    }

    @Test
    void aClusterThatJobsNameByItsIdTurnsAsLongAsThereAreSome() {
        List<FakeCompute> made = new ArrayList<>();
        loop = loop(Clusters.of(List.of(cluster), id -> {
            made.add(new FakeCompute(id, 3, SETTLE, clock));
            return Optional.of(made.get(made.size() - 1));
        }));
        Job job = insert(aSpec(1, null, null), "j-RAW");

        loop.tick();
        made.get(0).goOn();
        loop.tick();
        made.get(0).goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made).as("one for as long as the job lives").hasSize(1);

        loop.tick();
        insert(aSpec(1, null, null), "j-RAW");
        loop.tick();
        assertThat(made).as("another for another job").hasSize(2);
        assertThat(cluster.totalStarts()).isZero();
    }

    @Test
    void aTurnWithNothingToDoAsksTheDatabaseForNothing() {
        int ofOne = statementsOfATick(1);
        assertThat(ofOne).isPositive();
        assertThat(statementsOfATick(9)).isEqualTo(ofOne);
    }

    /** With a run on each of the clusters. */
    private int statementsOfATick(int clusters) {
        List<FakeCompute> all = Stream.iterate(1, number -> number + 1)
                .limit(clusters)
                .map(number -> new FakeCompute("fake" + clusters + "-" + number, 3, SETTLE, clock))
                .toList();
        loop = loop(all.toArray(FakeCompute[]::new));
        List<Job> running = all.stream()
                .map(each -> insert(aSpec(1, null, null), each.traits().name()))
                .toList();
        loop.tick();
        all.forEach(FakeCompute::goOn);
        loop.tick();
        loop.tick();
        assertThat(running).allSatisfy(job -> assertThat(state(job)).isEqualTo(JobState.RUNNING));
        jdbc.execute("set query_statistics false");
        jdbc.execute("set query_statistics true");
        loop.tick();
        return jdbc.queryForObject(
                "select sum(execution_count) from information_schema.query_statistics", Integer.class);
    }

    @Test
    void expectsTheApplicationOfARunThatHasBegun() {
        cluster.startApplications();
        Job job = insert(aSpec(1, null, null));
        loop.tick();
        assertThat(jobs.runsExpectingAnApplication(clock.instant(), Limit.of(9)))
                .isEmpty();
        cluster.goOn();
        loop.tick();
        assertThat(jobs.runsExpectingAnApplication(clock.instant(), Limit.of(9)))
                .extracting(run -> run.job().id())
                .containsExactly(job.id());
    }

    @Test
    void takesAJobFromTheQueueToItsEnd() {
        Job job = insert(aSpec(1, null, null));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.PENDING);
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(cluster.totalStarts()).isEqualTo(1);
    }

    @Test
    void sendsOnlyAsManyAsTheClusterHasSlotsForAndInOneCall() {
        List<Job> sent = new ArrayList<>();
        for (int at = 0; at < 5; at++) {
            sent.add(insert(aSpec(1, null, null)));
        }
        loop.tick();
        assertThat(cluster.calls()).hasSize(1);
        assertThat(cluster.calls().get(0))
                .containsExactly(
                        sent.get(0).id() + "-1",
                        sent.get(1).id() + "-1",
                        sent.get(2).id() + "-1");
        assertThat(state(sent.get(3))).isEqualTo(JobState.QUEUED);

        cluster.goOn();
        cluster.goOn();
        loop.tick();
        assertThat(state(sent.get(4))).isEqualTo(JobState.PENDING);
    }

    @Test
    void adoptsARunWhoseAnswerWasLostAndNeverSendsItTwice() {
        Job job = insert(aSpec(1, null, null));
        cluster.fault(Fault.ANSWER_LOST);
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.SUBMITTING);

        cluster.fault(Fault.NONE);
        clock.advance(Duration.ofHours(1));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.PENDING);
        assertThat(cluster.starts(job.id() + "-1")).isEqualTo(1);
    }

    @Test
    void sendsALostRequestAgainOnlyAfterTheSettleTime() {
        Job job = insert(aSpec(1, null, null));
        cluster.fault(Fault.REQUEST_LOST);
        loop.tick();
        cluster.fault(Fault.NONE);

        clock.advance(SETTLE.minusSeconds(1));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.SUBMITTING);
        assertThat(cluster.totalStarts()).isZero();

        clock.advance(Duration.ofSeconds(1));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.PENDING);
        assertThat(cluster.starts(job.id() + "-1")).isEqualTo(1);
    }

    @Test
    void takesNoAnswerForNoFact() {
        Job job = running();
        cluster.fault(Fault.UNREACHABLE);
        clock.advance(Duration.ofDays(1));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.RUNNING);

        cluster.fault(Fault.NONE);
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void failsARunThatTheClusterLost() {
        Job job = running();
        cluster.forget();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.FAILED);
        assertThat(reason(job)).isEqualTo(Reason.Code.LOST);
    }

    @Test
    void putsAJobBackWhenTheClusterIsFull() {
        Job job = insert(aSpec(1, null, null));
        cluster.fault(Fault.FULL);
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.QUEUED);
        cluster.fault(Fault.NONE);
        loop.tick();
        assertThat(cluster.calls()).as("it is left alone for a moment").hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.PENDING);
    }

    @Test
    void failsAJobThatTheClusterRefusesAndGoesOnWithTheNext() {
        Job refused = insert(aSpec(3, null, null));
        cluster.fault(Fault.REFUSING);
        loop.tick();
        cluster.fault(Fault.NONE);
        Job next = insert(aSpec(1, null, null));
        loop.tick();
        assertThat(reason(refused)).isEqualTo(Reason.Code.REJECTED_BY_CLUSTER);
        assertThat(state(next)).isEqualTo(JobState.PENDING);
    }

    @Test
    void stopsARunThatSomebodyCancelled() {
        Job job = running();
        transactions.apply(job.id(), fresh -> fresh.cancelRequested("alice", clock.instant()));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void cancelsWithoutARunWhatWasNeverSent() {
        Job job = insert(aSpec(1, null, null));
        cluster.fault(Fault.REQUEST_LOST);
        loop.tick();
        transactions.apply(job.id(), fresh -> fresh.cancelRequested("alice", clock.instant()));
        cluster.fault(Fault.NONE);
        clock.advance(SETTLE);
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.CANCELLED);
        assertThat(cluster.totalStarts()).isZero();
    }

    @Test
    void stopsARunThatTimedOut() {
        Job job = running(aSpec(1, Duration.ofMinutes(1), null));
        clock.advance(Duration.ofMinutes(1));
        loop.tick();
        loop.tick();
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.FAILED);
        assertThat(reason(job)).isEqualTo(Reason.Code.TIMED_OUT);
    }

    @Test
    void failsAJobThatWaitedTooLong() {
        Job job = insert(aSpec(1, null, Duration.ofMinutes(1)));
        cluster.fault(Fault.FULL);
        loop.tick();
        clock.advance(Duration.ofMinutes(1));
        loop.tick();
        assertThat(reason(job)).isEqualTo(Reason.Code.QUEUE_TIMED_OUT);
    }

    @Test
    void endsAnUploadThatNobodyStoresAnyMore() {
        Job job = transactions.insert(aReceivedJob(aSpec(1, null, null)));
        clock.advance(Duration.ofSeconds(59).plus(sinceStart()));
        jobs.heartbeat(job.id(), clock.instant());
        clock.advance(Duration.ofSeconds(59));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.RECEIVING);
        clock.advance(Duration.ofSeconds(2));
        loop.tick();
        assertThat(reason(job)).isEqualTo(Reason.Code.UPLOAD_INTERRUPTED);
    }

    @Test
    void sendsNothingOnceAnotherLeads() {
        Job job = insert(aSpec(1, null, null));
        leader = false;
        loop.tick();
        assertThat(cluster.calls()).isEmpty();
        assertThat(state(job)).as("nothing was done under its intent").isEqualTo(JobState.QUEUED);

        leader = true;
        clock.advance(Duration.ofSeconds(1));
        loop.tick();
        assertThat(cluster.starts(job.id() + "-1")).isEqualTo(1);
    }

    @Test
    void whatCannotGoNowWritesNoHistoryWhileItWaits() {
        cluster.oneByOne(1);
        List<Job> waiting = List.of(insert(aSpec(1, null, null)), insert(aSpec(1, null, null)));
        int before = jobs.eventsOf(waiting.get(1).id()).size();
        loop.tick();
        assertThat(waiting).extracting(this::state).containsExactly(JobState.PENDING, JobState.QUEUED);
        assertThat(jobs.eventsOf(waiting.get(1).id())).hasSize(before);
        loop.tick();
        assertThat(waiting).extracting(this::state).containsOnly(JobState.PENDING);
    }

    @Test
    void eachBatchIsACallWithIntentsOfItsOwn() {
        cluster.oneByOne(3);
        List<Job> sent = List.of(insert(aSpec(1, null, null)), insert(aSpec(1, null, null)));
        loop.tick();
        assertThat(cluster.calls())
                .containsExactly(
                        List.of(sent.get(0).id() + "-1"), List.of(sent.get(1).id() + "-1"));
    }

    @Test
    void leavesTheSlotsThatOtherPeoplesRunsTake() {
        cluster.freeSlots(1);
        List<Job> waiting = List.of(insert(aSpec(1, null, null)), insert(aSpec(1, null, null)));
        loop.tick();
        loop.tick();
        assertThat(waiting).extracting(this::state).containsExactly(JobState.PENDING, JobState.QUEUED);
    }

    @Test
    void startsAnotherAttemptUnderAnotherKey() {
        Job job = running("fails.py", aSpec(2, null, null));
        cluster.goOn();
        loop.tick();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.PENDING);
        assertThat(cluster.starts(job.id() + "-2")).isEqualTo(1);
        cluster.goOn();
        cluster.goOn();
        loop.tick();
        assertThat(reason(job)).isEqualTo(Reason.Code.RUN_FAILED);
    }

    @Test
    void anotherAttemptWaitsUntilWhatTheOneBeforeLeftHasEnded() {
        cluster.leaveSomething(true);
        Job job = running(aSpec(2, Duration.ofMinutes(1), null));
        clock.advance(Duration.ofMinutes(1));
        loop.tick();
        loop.tick();
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.QUEUED);
        assertThat(cleanup(job)).isEqualTo(Cleanup.State.WAITING);
        assertThat(cluster.cleaned()).containsExactly(job.id() + "-1");

        cluster.goOn();
        loop.tick();
        assertThat(cluster.starts(job.id() + "-2")).isZero();
        cluster.goOn();
        loop.tick();
        assertThat(cleanup(job)).isEqualTo(Cleanup.State.DONE);
        assertThat(cluster.starts(job.id() + "-2")).isEqualTo(1);
    }

    @Test
    void anotherAttemptWaitsUntilTheApplicationOfAFailedStepIsKnownToHaveEnded() {
        cluster.leaveSomething(true);
        Job job = running("fails.py", aSpec(2, null, null));
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.QUEUED);
        assertThat(cluster.cleaned()).containsExactly(job.id() + "-1");
        assertThat(cluster.starts(job.id() + "-2")).isZero();
        cluster.goOn();
        cluster.goOn();
        loop.tick();
        assertThat(cluster.starts(job.id() + "-2")).isEqualTo(1);

        cluster.goOn();
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).as("no third is allowed").isEqualTo(JobState.FAILED);
        assertThat(cluster.cleaned()).as("so nothing has to be known").hasSize(1);
    }

    @Test
    void noAttemptFollowsARunThatWasStoppedWhereNobodyEndsItsApplication() {
        cluster.leaveSomething(false);
        Job job = running(aSpec(2, Duration.ofMinutes(1), null));
        clock.advance(Duration.ofMinutes(1));
        loop.tick();
        loop.tick();
        cluster.goOn();
        loop.tick();
        assertThat(reason(job)).isEqualTo(Reason.Code.OUTCOME_UNKNOWN);
        assertThat(cleanup(job)).isNull();
        assertThat(jobs.eventsOf(job.id()))
                .extracting(event -> HistoryText.of(event))
                .contains("Its application may still run on the cluster; cleanup steps are turned off.");
    }

    @Test
    void noAttemptFollowsAFailedOneWhereNobodyEndsItsApplication() {
        cluster.leaveSomething(false);
        Job job = running("fails.py", aSpec(2, null, null));
        cluster.goOn();
        loop.tick();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.FAILED);
        assertThat(cluster.starts(job.id() + "-2")).isZero();
    }

    @Test
    void runsThatWaitForACleanupAreGivenUpWhenTheseAreTurnedOff() {
        cluster.leaveSomething(true);
        cluster.holdCleanUps();
        Job job = running("fails.py", aSpec(2, null, null));
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.QUEUED);

        cluster.leaveSomething(false);
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.FAILED);
        assertThat(cleanup(job)).isEqualTo(Cleanup.State.FAILED);
        assertThat(cluster.starts(job.id() + "-2")).isZero();
    }

    @Test
    void aCancelThatCameWhileTheClusterWasFullIsNotSentAfterAll() {
        Job job = insert(aSpec(1, null, null));
        cluster.fault(Fault.FULL);
        cluster.meanwhile(() -> transactions.apply(job.id(), fresh -> fresh.cancelRequested("ann", clock.instant())));
        loop.tick();
        cluster.fault(Fault.NONE);
        clock.advance(Duration.ofMinutes(1));
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.CANCELLED);
        assertThat(cluster.starts(job.id() + "-1")).isZero();
    }

    @Test
    void theApplicationOfASecondRunIsEndedWhenTheRightOneHasEnded() {
        cluster.leaveSomething(true);
        Job job = running();
        cluster.stray(new RunRef(new SubmissionKey(job.id() + "-1"), "another", clock.instant()));
        loop.tick();
        assertThat(cleanup(job)).isEqualTo(Cleanup.State.WAITING);
        assertThat(duplicateLine(job)).contains("same tag").contains("when the right one has ended");
        loop.tick();
        assertThat(cluster.cleaned()).as("it would end the right one").isEmpty();

        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(cluster.cleaned()).as("the second is still being stopped").isEmpty();
        cluster.noStrays();
        loop.tick();
        assertThat(cluster.cleaned()).containsExactly(job.id() + "-1");
        cluster.goOn();
        cluster.goOn();
        loop.tick();
        assertThat(cleanup(job)).isEqualTo(Cleanup.State.DONE);
    }

    @Test
    void whereNobodyCleansUpTheStoryOfASecondRunSaysSo() {
        cluster.leaveSomething(false);
        Job job = running();
        cluster.stray(new RunRef(new SubmissionKey(job.id() + "-1"), "another", clock.instant()));
        loop.tick();
        assertThat(cleanup(job)).isNull();
        assertThat(duplicateLine(job)).contains("same tag").contains("somebody has to end it");
    }

    private String duplicateLine(Job job) {
        return jobs.eventsOf(job.id()).stream()
                .filter(event -> event.reasonCode() == Reason.Code.DUPLICATE_RUN)
                .map(HistoryText::of)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneCleanupEndsWhatSeveralRunsLeftAndFillsASlot() {
        cluster.leaveSomething(true);
        JobSpec patient = aSpec(1, null, null);
        List<Job> stopped = List.of(running("long.py", patient), running("long.py", patient));
        stopped.forEach(job -> transactions.apply(job.id(), fresh -> fresh.cancelRequested("alice", clock.instant())));
        loop.tick();
        cluster.goOn();
        List<Job> next =
                List.of(insert(aSpec(1, null, null)), insert(aSpec(1, null, null)), insert(aSpec(1, null, null)));
        loop.tick();

        assertThat(cluster.cleaned()).hasSize(2);
        assertThat(next).extracting(this::state).containsExactly(JobState.PENDING, JobState.PENDING, JobState.QUEUED);
        assertThat(stopped).extracting(this::state).containsOnly(JobState.CANCELLED);
        assertThat(stopped).extracting(this::cleanup).containsOnly(Cleanup.State.WAITING);
        cluster.goOn();
        cluster.goOn();
        loop.tick();
        assertThat(stopped).extracting(this::cleanup).containsOnly(Cleanup.State.DONE);
    }

    @Test
    void aSecondRunUnderAKeyIsCancelledAndTold() {
        Job job = running();
        cluster.stray(new RunRef(new SubmissionKey(job.id() + "-1"), "another", clock.instant()));
        cluster.stray(new RunRef(new SubmissionKey("01JSOMEBODYELSES0000000000-1"), "theirs", clock.instant()));
        loop.tick();
        loop.tick();

        assertThat(cluster.cancelled()).containsExactly("another");
        assertThat(jobs.eventsOf(job.id()))
                .extracting(JobEvent::reasonCode)
                .containsOnlyOnce(Reason.Code.DUPLICATE_RUN);
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
    }

    private Cleanup.State cleanup(Job job) {
        return jobs.findById(job.id()).flatMap(each -> each.all().cleanup()).orElse(null);
    }

    private Duration sinceStart() {
        return Duration.between(NOW, clock.instant());
    }

    private Job running() {
        return running(aSpec(1, null, null));
    }

    private Job running(JobSpec spec) {
        return running("main.py", spec);
    }

    private Job running(String entryPoint, JobSpec spec) {
        Job job = insert(spec.resolved("squares", "fake", entryPoint, Map.of()));
        loop.tick();
        cluster.goOn();
        loop.tick();
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
        return job;
    }

    private Job insert(JobSpec spec) {
        return insert(spec, "fake");
    }

    private Job insert(JobSpec spec, String on) {
        Job job = transactions.insert(aReceivedJob(spec, on));
        return transactions.apply(job.id(), fresh -> fresh.queued(clock.instant()));
    }

    private JobState state(Job job) {
        return jobs.findById(job.id()).orElseThrow().state();
    }

    private Reason.Code reason(Job job) {
        return jobs.findById(job.id()).flatMap(Job::reason).orElseThrow().code();
    }
}
