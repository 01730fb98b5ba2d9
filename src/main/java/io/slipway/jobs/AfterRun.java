package io.slipway.jobs;

import io.slipway.jobs.RunTraits.Leftovers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What follows the end of a run: for its job, for what it may have left on its cluster, and for what may still become known of it.
 * One pure function decides it all, from what was known when the end was reported.
 *
 * @param reason {@code null} after success, and when it is sent again
 * @param launchDue when nothing needs the file any more that the launcher reads; {@code null} while that is not known
 * @param isApplicationExpected whether the run's application is to be looked for
 * @param isCauseExpected whether the logs are to be read for why it failed
 */
record AfterRun(
        Next next,
        @Nullable Reason reason,
        Leftovers leftovers,
        int runsOfOthers,
        @Nullable Instant launchDue,
        boolean isApplicationExpected,
        boolean isCauseExpected) {

    /** What the job does next. */
    enum Next {
        SUCCEEDED,
        FAILED,
        CANCELLED,
        /** Another attempt. */
        AGAIN,
        /** The same attempt: the cluster gave the run back because it was asked to. */
        SENT_AGAIN
    }

    /** A failed run does not prove the end of its own application; what its launcher reads is kept for it this long. */
    private static final Duration LAUNCH_KEPT = Duration.ofDays(1);

    /** @param report of an end */
    static AfterRun of(Job job, Run run, RunReport report, RunTraits traits, Instant now) {
        StopRequest stop = job.stopRequest();
        Reason reason = reason(report, stop);
        Next next = next(job, run, report, reason, now);
        return new AfterRun(
                next,
                next == Next.SENT_AGAIN ? null : reason,
                leftovers(report, stop, next, traits),
                traits.runsOfOthers(),
                launchDue(report, now),
                traits.startsApplications() && mayHaveBegun(report),
                traits.explainedLater() && stop == null && isProgramsOwn(report));
    }

    /** The cluster's word on how it ended, read in the light of what we had asked it to do. */
    private static @Nullable Reason reason(RunReport report, @Nullable StopRequest stop) {
        Reason reported = report.reason();
        if (report.phase() == RunReport.Phase.SUCCEEDED
                || (reported != null && reported.code().needsAPerson())) {
            return reported;
        }
        if (stop != null) {
            return stop.reason();
        }
        return reported != null
                ? reported
                : new Reason(Reason.Code.CANCELLED_ON_CLUSTER, "The run was cancelled on the cluster, not by Slipway.");
    }

    private static Next next(Job job, Run run, RunReport report, @Nullable Reason reason, Instant now) {
        if (report.phase() == RunReport.Phase.SUCCEEDED || reason == null) {
            return Next.SUCCEEDED;
        }
        if (reason.code().needsAPerson()) {
            // That somebody wanted to end it does not mean that it has ended.
            return Next.FAILED;
        }
        StopRequest stop = job.stopRequest();
        if (stop == null && run.isWithdrawal(report, now)) {
            return Next.SENT_AGAIN;
        }
        if (stop != null && stop.isByUser()) {
            return Next.CANCELLED;
        }
        if (job.attempt() < job.spec().limits().maxAttempts() && reason.code().mayRetry()) {
            return Next.AGAIN;
        }
        return stop == null && report.phase() == RunReport.Phase.CANCELLED ? Next.CANCELLED : Next.FAILED;
    }

    /** A run that was stopped says nothing of its application, and before another attempt the end of that has to be known. */
    private static Leftovers leftovers(RunReport report, @Nullable StopRequest stop, Next next, RunTraits traits) {
        boolean wasStopped = report.phase() == RunReport.Phase.CANCELLED
                || (report.phase() == RunReport.Phase.FAILED && stop != null);
        boolean another = next == Next.AGAIN || next == Next.SENT_AGAIN;
        boolean none = report.startedAt() == null || isClusterGone(report) || !(wasStopped || another);
        return none ? Leftovers.NONE : traits.leftovers();
    }

    private static @Nullable Instant launchDue(RunReport report, Instant now) {
        Reason reason = report.reason();
        if (reason != null && reason.code().isUnknown()) {
            return null;
        }
        boolean ended =
                report.phase() == RunReport.Phase.SUCCEEDED || report.startedAt() == null || isClusterGone(report);
        return ended ? now : now.plus(LAUNCH_KEPT);
    }

    private static boolean mayHaveBegun(RunReport report) {
        // One that was cancelled before it started was taken out of the cluster's queue.
        return report.startedAt() != null || (report.remoteId() != null && report.phase() != RunReport.Phase.CANCELLED);
    }

    private static boolean isProgramsOwn(RunReport report) {
        Reason reason = report.reason();
        return report.phase() == RunReport.Phase.FAILED
                && reason != null
                && reason.code().isTheProgramsOwn();
    }

    private static boolean isClusterGone(RunReport report) {
        return report.reason() != null && report.reason().code() == Reason.Code.CLUSTER_GONE;
    }
}
