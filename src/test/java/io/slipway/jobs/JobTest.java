package io.slipway.jobs;

import static io.slipway.jobs.JobFixtures.NOW;
import static io.slipway.jobs.JobFixtures.aPendingJob;
import static io.slipway.jobs.JobFixtures.aQueuedJob;
import static io.slipway.jobs.JobFixtures.aReceivedJob;
import static io.slipway.jobs.JobFixtures.aRunningJob;
import static io.slipway.jobs.JobFixtures.aSpec;
import static io.slipway.jobs.JobFixtures.aSubmittingJob;
import static io.slipway.jobs.JobFixtures.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.project.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JobTest {

    private static final JobSpec ONCE = aSpec(1, null, null);
    private static final JobSpec TWICE = aSpec(2, null, null);
    private static final JobSpec HASTY = aSpec(1, Duration.ofMinutes(10), Duration.ofMinutes(5));

    @Test
    void walksFromReceivingToSucceeded() {
        Job job = aRunningJob();
        job.observed(report(job, Phase.SUCCEEDED, null), RunTraits.NONE, NOW.plusSeconds(9));

        assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job.reason()).isEmpty();
        assertThat(job.startedAt()).isEqualTo(NOW);
        assertThat(job.endedAt()).isEqualTo(NOW.plusSeconds(9));
        assertThat(job.currentRun().orElseThrow().submissionKey()).hasToString(job.id() + "-1");
    }

    @ParameterizedTest
    @CsvSource({
        "RECEIVING, QUEUED FAILED",
        "QUEUED, SUBMITTING CANCELLED FAILED",
        "SUBMITTING, QUEUED PENDING RUNNING SUCCEEDED FAILED CANCELLED",
        "PENDING, QUEUED RUNNING SUCCEEDED FAILED CANCELLED",
        "RUNNING, QUEUED SUCCEEDED FAILED CANCELLED",
        "SUCCEEDED, ''",
        "FAILED, ''",
        "CANCELLED, ''"
    })
    void knowsWhichStateMayFollowWhich(JobState from, String next) {
        EnumSet<JobState> allowed = EnumSet.noneOf(JobState.class);
        for (String name : next.isBlank() ? new String[0] : next.split(" ")) {
            allowed.add(JobState.valueOf(name));
        }
        assertThat(from.next()).isEqualTo(allowed);
    }

    @Test
    void refusesAChangeThatMayNotFollow() {
        Job job = aRunningJob();
        assertThatThrownBy(() -> job.queued(NOW)).isInstanceOf(IllegalJobChange.class);
        assertThatThrownBy(() -> aReceivedJob(ONCE).submitting(NOW, "test", null))
                .isInstanceOf(IllegalJobChange.class);
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void isCancelledAtOnceWhileItIsQueued() {
        Job job = aQueuedJob();
        job.cancelRequested("alice", NOW);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.reason().orElseThrow().code()).isEqualTo(Code.CANCELLED_BY_USER);
    }

    @Test
    void isCancelledAsSoonAsItIsStoredWhenTheWishCameBefore() {
        Job job = aReceivedJob(ONCE);
        job.cancelRequested("alice", NOW);
        assertThat(job.state()).isEqualTo(JobState.RECEIVING);
        job.queued(NOW);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void isOnlyStoppingUntilTheClusterSaysThatItEnded() {
        Job job = aRunningJob();
        job.cancelRequested("alice", NOW);
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(job.isStopRequested()).isTrue();

        job.observed(report(job, Phase.CANCELLED, null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void keepsTheClustersTruthWhenItSucceededThoughACancelWasAsked() {
        Job job = aRunningJob();
        job.cancelRequested("alice", NOW);
        job.observed(report(job, Phase.SUCCEEDED, null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void takesARepeatedCancelAndRefusesOneOfAnEndedJob() {
        Job cancelled = aQueuedJob();
        cancelled.cancelRequested("alice", NOW);
        cancelled.cancelRequested("alice", NOW);
        assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);

        Job ended = aRunningJob();
        ended.observed(report(ended, Phase.SUCCEEDED, null), RunTraits.NONE, NOW);
        assertThatThrownBy(() -> ended.cancelRequested("alice", NOW)).isInstanceOf(IllegalJobChange.class);
    }

    @Test
    void becomesFailedWhenItTimedOutAndTheClusterStoppedIt() {
        Job job = aRunningJob(HASTY);
        assertThat(job.isOverdue(NOW.plus(Duration.ofMinutes(10).minusMillis(1))))
                .isFalse();
        assertThat(job.isOverdue(NOW.plus(Duration.ofMinutes(10)))).isTrue();
        job.expired(NOW.plus(Duration.ofMinutes(10)));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);

        job.observed(report(job, Phase.CANCELLED, null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.reason().orElseThrow().code()).isEqualTo(Code.TIMED_OUT);
    }

    @Test
    void whatWasSeenOfAnEarlierAttemptStopsNoLaterOne() {
        JobSpec hastyTwice = aSpec(2, Duration.ofMinutes(10), null);
        Job job = aRunningJob(hastyTwice);
        RunRef first = job.currentRun().orElseThrow().ref();
        Instant later = NOW.plus(Duration.ofMinutes(11));
        job.observed(report(job, Phase.FAILED, Code.RUN_FAILED), RunTraits.NONE, later);
        job.submitting(later, "another", null);
        job.observed(report(job, Phase.RUNNING, null), RunTraits.NONE, later);

        job.expired(NOW.plus(Duration.ofMinutes(9)));
        job.cancelSent(first, later);
        assertThat(job.isStopRequested()).isFalse();
        job.cancelRequested("alice", later);
        assertThat(job.isCancelDue(later, Duration.ofMinutes(1)))
                .as("nobody has cancelled the second run yet")
                .isTrue();
    }

    @Test
    void aCleanupThatHasGoneIsNotSentAgain() {
        Job job = aRunningJob();
        SubmissionKey key = job.submissionKey();
        job.observed(report(job, Phase.CANCELLED, null), RunTraits.NONE, NOW);
        job.aftermath(key).leftSomething(0, NOW);
        job.aftermath(key).cleanupSent(new SubmissionKey("cleanup-1"));
        job.aftermath(key).cleanedUp(new SubmissionKey("cleanup-1"), null, NOW);
        job.aftermath(key).cleanupSent(new SubmissionKey("cleanup-2"));
        assertThat(job.all().cleanup()).contains(Cleanup.State.DONE);
    }

    @Test
    void failsWhenItWaitedTooLongInOurQueueAndStopsInTheClusters() {
        Job queued = aQueuedJob(HASTY);
        assertThat(queued.isOverdue(NOW.plus(Duration.ofMinutes(5)))).isTrue();
        queued.expired(NOW.plus(Duration.ofMinutes(5)));
        assertThat(queued.state()).isEqualTo(JobState.FAILED);
        assertThat(queued.reason().orElseThrow().code()).isEqualTo(Code.QUEUE_TIMED_OUT);

        Job pending = aPendingJob(HASTY);
        pending.expired(NOW.plus(Duration.ofMinutes(5)));
        assertThat(pending.state()).isEqualTo(JobState.PENDING);
        assertThat(pending.isStopRequested()).isTrue();
    }

    @Test
    void goesBackToTheQueueWithAnotherKeyWhileAttemptsAreLeft() {
        Job job = aRunningJob(TWICE);
        job.observed(report(job, Phase.FAILED, Code.RUN_FAILED), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(job.reason()).isEmpty();

        job.submitting(NOW, "test", null);
        assertThat(job.currentRun().orElseThrow().submissionKey()).hasToString(job.id() + "-2");
        job.accepted("s-2", null, NOW);
        job.observed(report(job, Phase.FAILED, Code.RUN_FAILED), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.runs()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"SUBMISSION_UNKNOWN", "OUTCOME_UNKNOWN", "REJECTED_BY_CLUSTER", "CANCELLED_ON_CLUSTER"})
    void isNeverTriedAgainAfterAnUnknownOutcomeOrARefusal(Code code) {
        Job job = aRunningJob(TWICE);
        job.observed(report(job, Phase.FAILED, code), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void isNotTriedAgainWhenSomebodyCancelledIt() {
        Job job = aRunningJob(TWICE);
        job.cancelRequested("alice", NOW);
        job.observed(report(job, Phase.FAILED, Code.RUN_FAILED), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void keepsItsKeyWhenItIsSentAgain() {
        Job job = aSubmittingJob(ONCE);
        SubmissionKey key = job.currentRun().orElseThrow().submissionKey();
        job.returnedToQueue("full", NOW);
        job.submitting(NOW.plusSeconds(60), "other", null);
        assertThat(job.runs()).hasSize(1);
        assertThat(job.currentRun().orElseThrow().submissionKey()).isEqualTo(key);
        assertThat(job.currentRun().orElseThrow().intentAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void aRunThatTheClusterGaveBackIsSentAgainUnderAnotherKeyOfTheSameAttempt() {
        Job job = aPendingJob(ONCE);
        RunRef first = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(first, NOW);
        job.observed(givenBack(first, null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.reason()).isEmpty();
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.runs()).isEmpty();
        assertThat(job.keepsItsTurn()).isTrue();

        job.submitting(NOW.plusSeconds(9), "test", null);
        assertThat(job.currentRun().orElseThrow().submissionKey()).hasToString(job.id() + "-1.2");
        job.observed(givenBack(first, null), RunTraits.NONE, NOW);
        assertThat(job.state()).as("an old report is about no run of now").isEqualTo(JobState.SUBMITTING);
        job.accepted("s-2", null, NOW);
        RunRef second = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(second, NOW);
        job.observed(givenBack(second, null), RunTraits.NONE, NOW);
        job.submitting(NOW.plusSeconds(20), "test", null);
        assertThat(job.submissionKey()).hasToString(job.id() + "-1.3");
        assertThat(job.all().sent()).hasSize(3);
        assertThat(job.all().last().orElseThrow().submissionKey()).isEqualTo(job.submissionKey());
    }

    @Test
    void whatWasNotAskedBackWasCancelledBySomebodyElse() {
        Job job = aPendingJob(TWICE);
        job.observed(givenBack(job.currentRun().orElseThrow().ref(), null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.reason().orElseThrow().code()).isEqualTo(Code.CANCELLED_ON_CLUSTER);
    }

    @Test
    void aRunThatWasAskedBackAndThatTheClusterCallsFailedCostsNoAttempt() {
        Job job = aPendingJob(ONCE);
        RunRef run = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(run, NOW);
        job.observed(failedAsStopped(run, null, null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.keepsItsTurn()).isTrue();
    }

    @Test
    void aRunThatFailedByItselfJustWhenItWasAskedBackHasFailed() {
        Job job = aPendingJob(ONCE);
        RunRef run = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(run, NOW);
        job.observed(failedAsStopped(run, NOW.plusSeconds(1), 3), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
    }

    /** Unless a signal ended it: that was EMR. */
    @ParameterizedTest
    @CsvSource({"1, FAILED", "143, QUEUED"})
    void aRunWhoseDriverToldItsEndHasFailedByItself(int exitCode, JobState state) {
        Job job = aPendingJob(ONCE);
        RunRef run = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(run, NOW);
        job.aftermath(run.submissionKey())
                .programEnded(new ProgramEnd(exitCode, NOW.plusSeconds(4)), NOW.plusSeconds(5));
        job.observed(failedAsStopped(run, NOW.plusSeconds(1), null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(state);
    }

    /** The cluster did not give it back: minutes after it was asked, it failed. */
    @Test
    void aRunThatWentOnForMinutesHasFailedByItself() {
        Job job = aPendingJob(ONCE);
        RunRef run = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(run, NOW);
        job.observed(failedAsStopped(run, NOW.plusSeconds(1), NOW.plusSeconds(200), null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
    }

    private static RunReport failedAsStopped(RunRef run, @Nullable Instant startedAt, @Nullable Integer status) {
        return failedAsStopped(run, startedAt, NOW.plusSeconds(5), status);
    }

    private static RunReport failedAsStopped(
            RunRef run, @Nullable Instant startedAt, Instant endedAt, @Nullable Integer status) {
        return new RunReport(
                run.submissionKey(),
                Phase.FAILED,
                "s-1",
                startedAt,
                endedAt,
                status,
                new Reason(Code.RUN_FAILED, "Terminated"),
                endedAt.plusSeconds(4));
    }

    @Test
    void aRunThatWasAskedBackLongAgoIsCancelledBySomebodyElse() {
        Job job = aPendingJob(TWICE);
        RunRef run = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(run, NOW);
        job.observed(report(job, Phase.RUNNING, null), RunTraits.NONE, NOW);
        Instant later = NOW.plus(Duration.ofHours(1));
        job.observed(
                new RunReport(run.submissionKey(), Phase.CANCELLED, "s-1", NOW, later, null, null, later),
                RunTraits.NONE,
                later);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aRunThatHadJustBegunWhenItWasAskedBackCostsNoAttemptAndNoDeadline() {
        Job job = aPendingJob(HASTY);
        RunRef run = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(run, NOW);
        job.observed(report(job, Phase.RUNNING, null), RunTraits.NONE, NOW);
        job.observed(givenBack(run, NOW), RunTraits.NONE, NOW);
        job.aftermath(run.submissionKey()).leftSomething(0, NOW);
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.all().cleanup()).contains(Cleanup.State.WAITING);
        assertThat(job.isOverdue(NOW.plus(Duration.ofHours(1))))
                .as("it had started in time")
                .isFalse();
        job.aftermath(run.submissionKey()).cleanedUp(new SubmissionKey("cleanup-1"), "no answer", NOW);
        assertThat(job.state()).as("it may still run").isEqualTo(JobState.FAILED);
    }

    @Test
    void aCancelGoesBeforeAnythingElseThatEndsARun() {
        Job job = aPendingJob(ONCE);
        RunRef run = job.currentRun().orElseThrow().ref();
        job.withdrawAsked(run, NOW);
        job.cancelRequested("alice", NOW);
        assertThatThrownBy(() -> job.withdrawAsked(run, NOW)).isInstanceOf(IllegalJobChange.class);
        job.observed(givenBack(run, null), RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    private static RunReport givenBack(RunRef run, Instant began) {
        return new RunReport(run.submissionKey(), Phase.CANCELLED, run.remoteId(), began, NOW, null, null, NOW);
    }

    @Test
    void ignoresAReportOfAnEarlierAttempt() {
        Job job = aRunningJob(TWICE);
        RunReport late = report(job, Phase.FAILED, Code.RUN_FAILED);
        job.observed(late, RunTraits.NONE, NOW);
        job.submitting(NOW, "test", null);
        job.observed(late, RunTraits.NONE, NOW);
        assertThat(job.state()).isEqualTo(JobState.SUBMITTING);
    }

    @Test
    void endsWithItsStopReasonWhenItProvablyNeverStarted() {
        Job job = aSubmittingJob(ONCE);
        job.cancelRequested("alice", NOW);
        job.returnedToQueue("The cluster is full.", NOW);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.reason().orElseThrow().code()).isEqualTo(Code.CANCELLED_BY_USER);
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"SUBMISSION_UNKNOWN", "OUTCOME_UNKNOWN"})
    void aWishToStopMakesNoFactOfWhatNobodyKnows(Code code) {
        Job cancelled = aRunningJob(TWICE);
        cancelled.cancelRequested("alice", NOW);
        cancelled.observed(report(cancelled, Phase.FAILED, code), RunTraits.NONE, NOW);
        assertThat(cancelled.state()).isEqualTo(JobState.FAILED);
        assertThat(cancelled.reason().orElseThrow().code()).isEqualTo(code);

        Job late = aRunningJob(aSpec(2, Duration.ofMinutes(1), null));
        late.expired(NOW.plusSeconds(90));
        assertThat(late.isStopRequested()).isTrue();
        late.observed(report(late, Phase.FAILED, code), RunTraits.NONE, NOW.plusSeconds(120));
        assertThat(late.state()).isEqualTo(JobState.FAILED);
        assertThat(late.reason().orElseThrow().code()).isEqualTo(code);
    }

    @Test
    void freesItsKeyWhenItsUploadWasInterrupted() {
        Job job = aReceivedJob(ONCE);
        job.uploadInterrupted(NOW);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.reason().orElseThrow().code()).isEqualTo(Code.UPLOAD_INTERRUPTED);
        assertThatThrownBy(() -> job.queued(NOW)).isInstanceOf(IllegalJobChange.class);
    }

    @Test
    void cutsAReasonThatNoColumnHolds() {
        assertThat(new Reason(Code.RUN_FAILED, "x".repeat(5000)).message()).hasSize(Reason.LONGEST);
    }
}
