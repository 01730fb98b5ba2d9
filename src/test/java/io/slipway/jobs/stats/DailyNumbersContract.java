package io.slipway.jobs.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import io.slipway.jobs.EndedJobs;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.jobs.SubmissionKey;
import io.slipway.jobs.stats.JobStats.Ends;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@PersistenceTest
@Import({JobTransactions.class, EndedJobs.class, EndedJobCounter.class, DailyNumbers.class})
abstract class DailyNumbersContract {

    private static final Instant NOON = Instant.parse("2030-03-10T12:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2030, 3, 10);

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private EndedJobs ended;

    @Autowired
    private EndedJobCounter counter;

    @Autowired
    private DailyNumbers numbers;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private PlatformTransactionManager transactionManager;

    private StoredJobs stored;

    @BeforeEach
    void empty() {
        for (String table : List.of("uncounted_job", "daily_end", "daily_time")) {
            jdbc.update("delete from " + table);
        }
        stored = new StoredJobs(transactions, artifacts);
    }

    @Test
    void aJobIsCountedOnceOnTheDayOfItsEnd() {
        runs("ann", NOON, Duration.ofSeconds(30), Duration.ofMinutes(10));
        runs("ann", NOON, Duration.ofSeconds(30), Duration.ofHours(13));
        stored.queued(Wanted.of("ann"), NOON);

        assertThat(numbers.of(null, DAY, DAY).uncounted()).isEqualTo(2);
        assertThat(counter.countNext(100)).isEqualTo(2);
        assertThat(counter.countNext(100)).isZero();

        JobStats stats = numbers.of("ann", DAY.minusDays(1), DAY.plusDays(1));
        assertThat(stats.days())
                .extracting(JobStats.Day::ends)
                .containsExactly(new Ends(0, 0, 0), new Ends(1, 0, 0), new Ends(1, 0, 0));
        assertThat(stats.uncounted()).isZero();
        assertThat(stats.queueWait().median()).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(36));
        assertThat(stats.days().get(1).runTime().median()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
        assertThat(stats.days().get(0).runTime().median()).isNull();
    }

    @Test
    void aJobThatEndsLateStaysCountedOnce() {
        Job late = begun("ann", NOON.minus(Duration.ofDays(9)), Duration.ZERO);
        runs("ann", NOON, Duration.ZERO, Duration.ofMinutes(1));
        counter.countNext(100);
        // Its id is older than the last that was counted.
        succeeds(late, NOON.plusSeconds(5));
        counter.countNext(100);
        counter.countNext(100);

        assertThat(numbers.of("ann", DAY, DAY).ends()).isEqualTo(new Ends(2, 0, 0));
    }

    @Test
    void whoIsKilledBeforeTheCommitHasCountedNothing() {
        runs("ann", NOON, Duration.ZERO, Duration.ofMinutes(1));
        new TransactionTemplate(transactionManager).executeWithoutResult(status -> {
            counter.countNext(100);
            status.setRollbackOnly();
        });
        assertThat(numbers.of(null, DAY, DAY).ends().all()).isZero();
        counter.countNext(100);
        assertThat(numbers.of(null, DAY, DAY).ends()).isEqualTo(new Ends(1, 0, 0));
    }

    @Test
    void twoReplicasThatBothThinkTheyLeadCountNothingTwice() throws Exception {
        for (int i = 0; i < 60; i++) {
            runs("ann", NOON, Duration.ofSeconds(i), Duration.ofMinutes(i));
        }
        ExecutorService replicas = Executors.newFixedThreadPool(3);
        List<Future<?>> all = new ArrayList<>();
        for (int replica = 0; replica < 3; replica++) {
            all.add(replicas.submit(this::countAll));
        }
        for (Future<?> one : all) {
            one.get();
        }
        replicas.shutdown();
        assertThat(numbers.of(null, DAY, DAY.plusDays(1)).ends().all()).isEqualTo(60);
        assertThat(numbers.of(null, DAY, DAY.plusDays(1)).queueWait().jobs()).isEqualTo(60);
    }

    private void countAll() {
        int counted = 1;
        while (counted > 0) {
            try {
                counted = counter.countNext(7);
            } catch (DataAccessException another) {
                counted = 1;
            }
        }
    }

    @Test
    void everyOwnerHasTheirOwnNumbersAndTheWholeHasTheSum() {
        runs("ann", NOON, Duration.ZERO, Duration.ofMinutes(1));
        fails("ann", Reason.Code.RUN_FAILED);
        fails("bob", Reason.Code.RUN_FAILED);
        fails("bob", Reason.Code.TIMED_OUT);
        fails("bob", Reason.Code.TIMED_OUT);
        counter.countNext(100);

        assertThat(numbers.of("ann", DAY, DAY).ends()).isEqualTo(new Ends(1, 1, 0));
        assertThat(numbers.of("ann", DAY, DAY).owners()).isEmpty();
        JobStats all = numbers.of(null, DAY, DAY);
        assertThat(all.ends()).isEqualTo(new Ends(1, 4, 0));
        assertThat(all.owners())
                .containsExactly(
                        new JobStats.Owner("bob", new Ends(0, 3, 0)), new JobStats.Owner("ann", new Ends(1, 1, 0)));
        assertThat(all.reasons())
                .containsExactly(
                        new JobStats.Failures(Reason.Code.RUN_FAILED, 2),
                        new JobStats.Failures(Reason.Code.TIMED_OUT, 2));
    }

    @Test
    void whatAnOlderReplicaCountedUnderAnEarlierNameIsAddedToTheNameOfToday() {
        fails("ann", Reason.Code.RUN_FAILED);
        counter.countNext(100);
        jdbc.update(
                "insert into daily_end (owner, on_day, state, reason_code, jobs) values ('ann', ?, 'FAILED', 'STEP_FAILED', 4)",
                DAY);
        fails("ann", Reason.Code.RUN_FAILED);
        jdbc.update("update job set reason_code = 'STEP_FAILED' where reason_code = 'RUN_FAILED'");
        counter.countNext(100);

        assertThat(numbers.of("ann", DAY, DAY).reasons())
                .containsExactly(new JobStats.Failures(Reason.Code.RUN_FAILED, 6));
    }

    @Test
    void aReasonOfANewerReplicaIsCountedUnderItsOwnName() {
        fails("ann", Reason.Code.RUN_FAILED);
        jdbc.update("update job set reason_code = 'OF_TOMORROW'");
        counter.countNext(100);

        assertThat(numbers.of("ann", DAY, DAY).reasons()).containsExactly(new JobStats.Failures(Reason.Code.OTHER, 1));
        assertThat(jdbc.queryForList("select reason_code from daily_end", String.class))
                .containsOnly("OF_TOMORROW");
    }

    @Test
    void eachDayHasItsOwnReasons() {
        fails("ann", Reason.Code.RUN_FAILED, NOON.minus(Duration.ofDays(1)));
        fails("ann", Reason.Code.TIMED_OUT, NOON);
        fails("ann", Reason.Code.TIMED_OUT, NOON);
        fails("ann", Reason.Code.RUN_FAILED, NOON);
        fails("bob", Reason.Code.LOST, NOON);
        counter.countNext(100);

        JobStats stats = numbers.of("ann", DAY.minusDays(2), DAY);
        assertThat(stats.days())
                .extracting(JobStats.Day::reasons)
                .containsExactly(
                        List.of(),
                        List.of(new JobStats.Failures(Reason.Code.RUN_FAILED, 1)),
                        List.of(
                                new JobStats.Failures(Reason.Code.TIMED_OUT, 2),
                                new JobStats.Failures(Reason.Code.RUN_FAILED, 1)));
        assertThat(stats.reasons())
                .containsExactly(
                        new JobStats.Failures(Reason.Code.RUN_FAILED, 2),
                        new JobStats.Failures(Reason.Code.TIMED_OUT, 2));
        assertThat(numbers.of(null, DAY, DAY).days().get(0).reasons())
                .contains(new JobStats.Failures(Reason.Code.LOST, 1));
    }

    @Test
    void anOwnerIsToldOfTheirOwnJobsThatAreNotCountedYet() {
        runs("ann", NOON, Duration.ZERO, Duration.ofMinutes(1));
        fails("bob", Reason.Code.RUN_FAILED);
        fails("bob", Reason.Code.RUN_FAILED);

        assertThat(numbers.of("ann", DAY, DAY).uncounted()).isEqualTo(1);
        assertThat(numbers.of("bob", DAY, DAY).uncounted()).isEqualTo(2);
        assertThat(numbers.of("cleo", DAY, DAY).uncounted()).isZero();
        assertThat(numbers.of(null, DAY, DAY).uncounted()).isEqualTo(3);
    }

    @Test
    void whatWasNeverAcceptedIsNotCounted() {
        Job lost = stored.receiving(Wanted.of("ann"), NOON);
        transactions.apply(lost.id(), job -> job.uploadInterrupted(NOON));
        counter.countNext(100);
        assertThat(numbers.of(null, DAY, DAY).ends().all()).isZero();
    }

    @Test
    void retentionTakesTheJobAndLeavesItsNumber() {
        Job job = runs("ann", NOON, Duration.ZERO, Duration.ofMinutes(1));
        counter.countNext(100);
        Job uncounted = runs("ann", NOON, Duration.ZERO, Duration.ofMinutes(1));
        ended.remove(job.id());
        ended.remove(uncounted.id());
        counter.countNext(100);
        assertThat(numbers.of(null, DAY, DAY).ends().all()).isEqualTo(1);
        counter.forgetBefore(DAY.plusDays(1));
        assertThat(numbers.of(null, DAY, DAY).ends().all()).isZero();
    }

    @Test
    void aChangeThatFailsLeavesNothingToCount() {
        Job job = begun("ann", NOON, Duration.ZERO);
        assertThatThrownBy(() -> transactions.apply(job.id(), fresh -> {
                    fresh.failed(new Reason(Reason.Code.LOST, "Lost."), NOON);
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(numbers.of(null, DAY, DAY).uncounted()).isZero();
    }

    private Job runs(String owner, Instant at, Duration waits, Duration takes) {
        return succeeds(begun(owner, at, waits), at.plus(waits).plus(takes));
    }

    private Job begun(String owner, Instant at, Duration waits) {
        Job job = stored.queued(Wanted.of(owner), at);
        transactions.apply(job.id(), fresh -> fresh.submitting(at, "test", null));
        return transactions.apply(
                job.id(),
                fresh -> fresh.observed(
                        report(fresh, RunReport.Phase.RUNNING, at.plus(waits), null), RunTraits.NONE, at));
    }

    private Job succeeds(Job job, Instant end) {
        return transactions.apply(
                job.id(),
                fresh -> fresh.observed(report(fresh, RunReport.Phase.SUCCEEDED, null, end), RunTraits.NONE, end));
    }

    private void fails(String owner, Reason.Code why) {
        fails(owner, why, NOON);
    }

    private void fails(String owner, Reason.Code why, Instant at) {
        Job job = begun(owner, at, Duration.ZERO);
        transactions.apply(job.id(), fresh -> fresh.failed(new Reason(why, "It failed."), at));
    }

    private static RunReport report(Job job, RunReport.Phase phase, Instant start, Instant end) {
        return new RunReport(new SubmissionKey(job.id() + "-1"), phase, "s-1", start, end, null, null, NOON);
    }
}
