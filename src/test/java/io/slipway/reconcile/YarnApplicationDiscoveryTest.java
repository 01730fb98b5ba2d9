package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.OnH2;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.control.HistoryText;
import io.slipway.jobs.Application;
import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.jobs.SubmissionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

@ReconcilePersistence
@OnH2
class YarnApplicationDiscoveryTest {

    private static final Application FOUND = new Application("application_1767614400000_0042", true);

    private final MutableClock clock = new MutableClock(StoredJobs.NOW);
    private final FakeCompute cluster = new FakeCompute("fake", 3, Duration.ZERO, clock);
    private boolean leader = true;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private Artifacts artifacts;

    private YarnApplicationDiscovery applications;

    @BeforeEach
    void build() {
        Leadership leadership = new TestLeader(() -> leader);
        applications =
                new YarnApplicationDiscovery(jobs, transactions, Clusters.of(List.of(cluster)), leadership, clock);
    }

    @Test
    void theApplicationIsKeptOnTheRunOnceTheLogsTellIt() {
        Job job = expecting();
        applications.look();
        assertThat(run(job).application()).isNull();

        cluster.ship(run(job).submissionKey().value(), FOUND);
        applications.look();
        assertThat(run(job).application()).as("before the next look is due").isNull();

        clock.advance(Duration.ofMinutes(2));
        applications.look();
        assertThat(run(job).application()).isEqualTo(FOUND);
        assertThat(run(job).ref().application()).isEqualTo(FOUND);
        assertThat(due(job)).isEmpty();
        assertThat(jobs.eventsOf(job.id()))
                .as("a line, for who waits for the job's next version")
                .last()
                .satisfies(line -> assertThat(HistoryText.of(line)).contains(FOUND.id()));
    }

    @Test
    void whileSomebodyWaitsItIsLookedForOftenAndLessOftenTheLongerItTakes() {
        Job job = expecting();
        ApplicationWishes wishes = new ApplicationWishes(jobs, clock);
        List<Long> looks = new ArrayList<>();
        for (int second = 0; second < 300; second++) {
            wishes.of(jobs.findById(job.id()).orElseThrow());
            if (!jobs.runsExpectingAnApplication(clock.instant(), Limit.of(9)).isEmpty()) {
                looks.add((long) second);
                applications.look();
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(looks).startsWith(0L, 10L, 20L, 30L, 40L, 50L);
        assertThat(looks).hasSizeBetween(12, 20);
    }

    @Test
    void whoComesFirstAfterAWhileHasItLookedForAtOnce() {
        Job job = expecting();
        applications.look();
        clock.advance(Duration.ofSeconds(7));
        assertThat(jobs.runsExpectingAnApplication(clock.instant(), Limit.of(9)))
                .as("two minutes while nobody waits")
                .isEmpty();
        cluster.ship(run(job).submissionKey().value(), FOUND);
        new ApplicationWishes(jobs, clock).of(jobs.findById(job.id()).orElseThrow());
        applications.look();
        assertThat(run(job).application()).isEqualTo(FOUND);
    }

    @Test
    void aWishIsNoPartOfTheStory() {
        Job job = expecting();
        long version = jobs.findById(job.id()).orElseThrow().version();
        new ApplicationWishes(jobs, clock).of(List.of(job.id()));
        assertThat(jobs.findById(job.id()).orElseThrow().version()).isEqualTo(version);
        assertThat(run(job).applicationWantedAt()).isEqualTo(clock.instant());
    }

    @Test
    void onlyTheLeaderLooks() {
        Job job = expecting();
        cluster.ship(run(job).submissionKey().value(), FOUND);
        leader = false;
        applications.look();
        assertThat(run(job).application()).isNull();
    }

    @Test
    void lookingAgainIsNoPartOfTheStory() {
        Job job = expecting();
        long version = jobs.findById(job.id()).orElseThrow().version();
        applications.look();
        assertThat(jobs.findById(job.id()).orElseThrow().version()).isEqualTo(version);
    }

    @Test
    void whatIsNotShippedLongAfterTheEndIsLookedForNoMore() {
        Job job = expecting();
        transactions.apply(
                job.id(), fresh -> fresh.failed(new Reason(Reason.Code.RUN_FAILED, "It failed."), clock.instant()));
        for (int minute = 0; minute < 60; minute++) {
            clock.advance(Duration.ofMinutes(1));
            applications.look();
        }
        assertThat(due(job)).isEmpty();
        cluster.ship(run(job).submissionKey().value(), FOUND);
        clock.advance(Duration.ofHours(1));
        applications.look();
        assertThat(run(job).application()).isNull();
    }

    @Test
    void logsThatDoNotAnswerAreAskedAgainLater() {
        Job job = expecting();
        cluster.ship(run(job).submissionKey().value(), FOUND);
        cluster.fault(FakeCompute.Fault.UNREACHABLE);
        applications.look();
        cluster.fault(FakeCompute.Fault.NONE);
        clock.advance(Duration.ofMinutes(2));
        applications.look();
        assertThat(run(job).application()).isEqualTo(FOUND);
    }

    private List<Run> due(Job job) {
        return jobs.runsExpectingAnApplication(clock.instant().plus(Duration.ofDays(1)), Limit.of(100)).stream()
                .filter(run -> run.job().id().equals(job.id()))
                .toList();
    }

    private Job expecting() {
        Job job =
                new StoredJobs(transactions, artifacts).running(Wanted.of("ann").on("fake"));
        return transactions.apply(
                job.id(),
                fresh -> fresh.aftermath(new SubmissionKey(fresh.id() + "-1")).applicationExpected(clock.instant()));
    }

    private Run run(Job job) {
        return jobs.findById(job.id()).orElseThrow().currentRun().orElseThrow();
    }
}
