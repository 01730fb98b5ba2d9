package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.OnH2;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.control.HistoryText;
import io.slipway.jobs.Application;
import io.slipway.jobs.Cause;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

/** Why a run failed, once its logs have arrived. */
@ReconcilePersistence
@OnH2
class CausesTest {

    private static final RunTraits LOGS_COME_LATER = new RunTraits(false, true, RunTraits.Leftovers.NONE, 0);

    private static final Cause CAUSE = new Cause("ValueError", "no prices", "jobs/load.py", 7);
    private static final Explanation FOUND =
            new Explanation("ValueError: no prices", CAUSE, "Traceback …\nValueError: no prices", 1, true);

    private final MutableClock clock = new MutableClock(StoredJobs.NOW);
    private final FakeCompute cluster = new FakeCompute("local", 3, Duration.ZERO, clock).shipLogsLater();
    private final Map<JobId, List<Instant>> looks = new HashMap<>();
    private Explanation told = Explanation.NOTHING_YET;
    private boolean leader = true;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private Artifacts artifacts;

    private Causes causes;

    @BeforeEach
    void build() {
        Leadership leadership = new TestLeader(() -> leader);
        causes = new Causes(
                jobs,
                transactions,
                (job, run, status) -> {
                    looks.computeIfAbsent(job.id(), id -> new ArrayList<>()).add(clock.instant());
                    return told;
                },
                new ProgramEnds(
                        Clusters.of(List.of(new FakeCompute("none", 1, Duration.ZERO, clock))),
                        transactions,
                        (cluster, order, end) -> told,
                        clock),
                leadership,
                clock);
    }

    @Test
    void whatTheLogsTellIsTheJobsReasonAndALineOfItsOwnKind() {
        Job job = failed(Wanted.of("ann"));
        causes.look();
        assertThat(fresh(job).isCauseExpected()).isTrue();

        told = FOUND;
        clock.advance(Duration.ofSeconds(10));
        causes.look();

        assertThat(fresh(job).reason()).hasValue(new Reason(Reason.Code.RUN_FAILED, "ValueError: no prices"));
        assertThat(fresh(job).currentRun()).hasValueSatisfying(run -> {
            assertThat(run.cause()).isEqualTo(CAUSE);
            assertThat(run.exitStatus()).isEqualTo(1);
            assertThat(jobs.tracebackOf(run.submissionKey())).hasValue(FOUND.traceback());
        });
        assertThat(fresh(job).isCauseExpected()).isFalse();
        assertThat(jobs.eventsOf(job.id())).last().satisfies(line -> {
            assertThat(line.kind()).isEqualTo(JobEvent.Kind.CAUSE);
            assertThat(line.message()).isEqualTo("ValueError: no prices");
            assertThat(line.data()).isEqualTo(new JobEvent.Data(1, CAUSE, 1, null));
            assertThat(line.to()).isEqualTo(JobState.FAILED);
        });
    }

    @Test
    void whatIsToldAgainChangesNothing() {
        Job job = failed(Wanted.of("ann"));
        told = FOUND;
        causes.look();
        long version = fresh(job).version();
        int lines = jobs.eventsOf(job.id()).size();

        Job again =
                transactions.apply(job.id(), each -> each.aftermath(key(each)).explained(FOUND, clock.instant()));

        assertThat(again.version()).isEqualTo(version);
        assertThat(jobs.eventsOf(job.id())).hasSize(lines);
    }

    @Test
    void aStatusThatIsToldLaterIsAddedAndTheCauseStays() {
        Job job = failed(Wanted.of("ann"));
        told = new Explanation("ValueError: no prices", CAUSE, "Traceback …", null, false);
        causes.look();
        assertThat(fresh(job).currentRun()).map(Run::cause).hasValue(CAUSE);
        assertThat(fresh(job).isCauseExpected()).isTrue();

        told = new Explanation("KeyError: 'x'", new Cause("KeyError", "'x'", null, null), "other", 3, true);
        clock.advance(Duration.ofSeconds(10));
        causes.look();
        assertThat(fresh(job).currentRun()).hasValueSatisfying(run -> {
            assertThat(run.cause()).isEqualTo(CAUSE);
            assertThat(run.exitStatus()).isEqualTo(3);
        });
    }

    @Test
    void theLogsAreLookedAtLessOftenTheLongerTheyTakeAndAtMostForFortyFiveMinutes() {
        Job job = failed(Wanted.of("ann"));
        for (int second = 0; second < 60 * 60; second += 5) {
            causes.look();
            clock.advance(Duration.ofSeconds(5));
        }
        List<Instant> looks = this.looks.get(job.id());
        assertThat(Duration.between(looks.get(0), looks.get(1))).isEqualTo(Duration.ofSeconds(10));
        assertThat(Duration.between(looks.get(looks.size() - 2), looks.get(looks.size() - 1)))
                .isEqualTo(Duration.ofSeconds(45));
        assertThat(Duration.between(looks.get(0), looks.get(looks.size() - 1)))
                .isBetween(Duration.ofMinutes(45), Duration.ofMinutes(46));
        assertThat(fresh(job).isCauseExpected()).isFalse();
        assertThat(fresh(job).reason()).hasValue(new Reason(Reason.Code.RUN_FAILED, "The step failed."));
        assertThat(jobs.eventsOf(job.id()))
                .as("a line, for who waits for it")
                .last()
                .satisfies(line -> assertThat(HistoryText.of(line)).contains("nothing more about why"));
    }

    @Test
    void anApplicationThatIsFoundHasTheLogsLookedAtAtOnce() {
        Job job = failed(Wanted.of("ann"));
        causes.look();
        transactions.apply(
                job.id(),
                each -> each.aftermath(key(each))
                        .applicationFound(new Application("application_1_0001", true), clock.instant()));
        assertThat(due()).contains(job.id());
    }

    @Test
    void onlyTheLeaderLooks() {
        failed(Wanted.of("ann"));
        leader = false;
        causes.look();
        assertThat(looks).isEmpty();
    }

    @Test
    void whyAnEarlierAttemptFailedIsALineAndNotTheJobsReason() {
        Job job = failed(Wanted.of("ann").limited(new JobSpec.Limits(null, null, 2)));
        assertThat(fresh(job).state()).isEqualTo(JobState.QUEUED);
        told = FOUND;
        causes.look();
        assertThat(fresh(job).reason()).isEmpty();
        assertThat(jobs.eventsOf(job.id()))
                .last()
                .satisfies(line -> assertThat(line.data()).isEqualTo(new JobEvent.Data(1, CAUSE, 1, null)));
    }

    @Test
    void nothingIsLookedForWhenSomebodyStoppedTheRunOrItEndedWell() {
        Job running = new StoredJobs(transactions, artifacts).running(Wanted.of("ann"));
        transactions.apply(running.id(), job -> {
            RunReport report = new RunReport(
                    key(job), RunReport.Phase.SUCCEEDED, "s-1", StoredJobs.NOW, null, null, null, clock.instant());
            job.observed(report, LOGS_COME_LATER, clock.instant());
        });
        Job stopped = new StoredJobs(transactions, artifacts).running(Wanted.of("ann"));
        transactions.apply(stopped.id(), job -> {
            job.cancelRequested("ann", clock.instant());
            Reason reason = new Reason(Reason.Code.RUN_FAILED, "The step failed.");
            job.observed(RunReport.failed(key(job), "s-2", reason, clock.instant()), LOGS_COME_LATER, clock.instant());
        });
        assertThat(due()).doesNotContain(stopped.id());
        assertThat(due()).doesNotContain(running.id());
    }

    private List<JobId> due() {
        return jobs.runsExpectingACause(clock.instant(), Limit.of(100)).stream()
                .map(run -> run.job().id())
                .toList();
    }

    private Job failed(Wanted wanted) {
        Job running = new StoredJobs(transactions, artifacts).running(wanted);
        return transactions.apply(running.id(), job -> {
            Reason reason = new Reason(Reason.Code.RUN_FAILED, "The step failed.");
            RunReport report = RunReport.failed(key(job), "s-1", reason, clock.instant());
            job.observed(report, LOGS_COME_LATER, clock.instant());
        });
    }

    private Job fresh(Job job) {
        return jobs.findById(job.id()).orElseThrow();
    }

    private static SubmissionKey key(Job job) {
        return new SubmissionKey(job.id() + "-1");
    }
}
