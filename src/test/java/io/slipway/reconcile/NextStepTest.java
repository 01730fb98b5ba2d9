package io.slipway.reconcile;

import static io.slipway.jobs.JobFixtures.NOW;
import static io.slipway.jobs.JobFixtures.aPendingJob;
import static io.slipway.jobs.JobFixtures.aQueuedJob;
import static io.slipway.jobs.JobFixtures.aReceivedJob;
import static io.slipway.jobs.JobFixtures.aRunningJob;
import static io.slipway.jobs.JobFixtures.aSpec;
import static io.slipway.jobs.JobFixtures.aSubmittingJob;
import static io.slipway.jobs.JobFixtures.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.RunTraits;
import io.slipway.project.JobSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole table: each state, each wish, before and after each deadline. */
class NextStepTest {

    private static final Duration LAPSE = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final Duration EARLY = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofMinutes(20);
    private static final JobSpec PATIENT = aSpec(1, null, null);
    private static final JobSpec HASTY = aSpec(1, Duration.ofMinutes(10), Duration.ofMinutes(5));

    static Stream<Arguments> table() {
        return Stream.of(
                row(() -> aReceivedJob(PATIENT), EARLY, NextStep.WAIT),
                row(() -> aReceivedJob(PATIENT), LAPSE, NextStep.EXPIRE),
                row(() -> aQueuedJob(PATIENT), LATE, NextStep.START),
                row(() -> aQueuedJob(HASTY), EARLY, NextStep.START),
                row(() -> aQueuedJob(HASTY), LATE, NextStep.EXPIRE),
                row(() -> aSubmittingJob(HASTY), LATE, NextStep.OBSERVE),
                row(() -> stopped(aSubmittingJob(HASTY)), EARLY, NextStep.OBSERVE),
                row(() -> aPendingJob(PATIENT), LATE, NextStep.OBSERVE),
                row(() -> aPendingJob(HASTY), EARLY, NextStep.OBSERVE),
                row(() -> aPendingJob(HASTY), LATE, NextStep.EXPIRE),
                row(() -> stopped(aPendingJob(PATIENT)), EARLY, NextStep.CANCEL),
                row(() -> stopped(aPendingJob(HASTY)), LATE, NextStep.CANCEL),
                row(() -> aRunningJob(PATIENT), LATE, NextStep.OBSERVE),
                row(() -> aRunningJob(HASTY), EARLY, NextStep.OBSERVE),
                row(() -> aRunningJob(HASTY), LATE, NextStep.EXPIRE),
                row(() -> stopped(aRunningJob(PATIENT)), EARLY, NextStep.CANCEL),
                row(() -> sent(stopped(aRunningJob(PATIENT))), EARLY, NextStep.OBSERVE),
                row(() -> sent(stopped(aRunningJob(PATIENT))), AGAIN, NextStep.CANCEL),
                row(() -> ended(Phase.SUCCEEDED), LATE, NextStep.WAIT),
                row(() -> ended(Phase.FAILED), LATE, NextStep.WAIT),
                row(() -> ended(Phase.CANCELLED), LATE, NextStep.WAIT));
    }

    @ParameterizedTest
    @MethodSource("table")
    void tellsWhatToDo(Supplier<Job> job, Duration later, NextStep expected) {
        assertThat(NextStep.of(job.get(), NOW.plus(later), LAPSE, AGAIN)).isEqualTo(expected);
    }

    @Test
    void theTableHasEveryStateAndEveryStep() {
        Set<JobState> states = table().map(row -> ((Supplier<?>) row.get()[0]).get())
                .map(job -> ((Job) job).state())
                .collect(Collectors.toSet());
        assertThat(states).isEqualTo(EnumSet.allOf(JobState.class));
        assertThat(table().map(row -> row.get()[2]).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList((Object[]) NextStep.values()));
    }

    private static Arguments row(Supplier<Job> job, Duration later, NextStep expected) {
        return Arguments.of(job, later, expected);
    }

    private static Job stopped(Job job) {
        job.cancelRequested("alice", NOW);
        return job;
    }

    private static Job sent(Job job) {
        job.cancelSent(job.currentRun().orElseThrow().ref(), NOW);
        return job;
    }

    private static Job ended(Phase phase) {
        Job job = aRunningJob(PATIENT);
        job.observed(report(job, phase, phase == Phase.FAILED ? Reason.Code.RUN_FAILED : null), RunTraits.NONE, NOW);
        return job;
    }
}
