package io.slipway.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What becomes known of one run beside its state: its application on the cluster, why its program failed, and what it left running.
 * All of it are facts, which hold also after the job has ended; each has its line in the history.
 */
public final class Aftermath {

    private final Job job;
    private final Run run;

    Aftermath(Job job, Run run) {
        this.job = job;
        this.run = run;
    }

    /** Begins what is to follow the end of the run, which has just been written to the job. */
    void follows(AfterRun after, Instant now) {
        if (after.isCauseExpected()) {
            causeExpected(now);
        }
        switch (after.leftovers()) {
            case NONE -> {}
            case CLEANED_UP -> leftSomething(after.runsOfOthers(), now);
            case STAY -> leftForGood(now);
        }
        if (after.isApplicationExpected()) {
            applicationExpected(now);
        }
    }

    /** The run starts an application of its own on the cluster; its id may be looked for from then on. */
    public void applicationExpected(Instant due) {
        run.applicationExpected(due);
        job.changed();
    }

    /** What the run started on the cluster. */
    public void applicationFound(Application application, Instant now) {
        run.applicationFound(application, now);
        // A line, since readers see it on the run and wait for lines.
        job.note(of(Note.What.APPLICATION_FOUND).with("application", application.id()), now);
    }

    /** How the program ended, by its driver's own word; a repetition changes nothing. The state changes when the cluster says so. */
    public void programEnded(ProgramEnd reported, Instant now) {
        if (!run.programEnded(reported)) {
            return;
        }
        // A line, since readers see it on the job and wait for lines.
        job.note(Note.of(Note.What.PROGRAM_ENDED).with("exitCode", reported.exitCode()), now);
    }

    /** Its driver reported before, and does not any more. */
    public void driverIsSilent(Instant now) {
        job.note(of(Note.What.DRIVER_SILENT), now);
    }

    /** The run failed, and the reason is to be found in its logs; they may be read from then on. */
    public void causeExpected(Instant due) {
        run.causeExpected(due);
        job.changed();
    }

    /** What the logs say of the run's end; a repetition changes nothing. */
    public void explained(Explanation reported, Instant now) {
        if (!run.isCauseExpected()) {
            return;
        }
        boolean isNews = run.explained(reported);
        Cause cause = run.cause();
        // What was found first stays: a later look adds to it.
        String sentence = cause == null ? reported.sentence() : cause.headline();
        if (isNews || (cause == null && sentence != null)) {
            if (sentence != null) {
                job.failedBecause(run, sentence);
            }
            job.write(JobEvent.cause(job, now, sentence, run));
        } else if (!run.isCauseExpected()) {
            // A line, since readers wait for it.
            job.note(of(Note.What.CAUSE_NOT_FOUND), now);
        }
    }

    /**
     * The run has ended, and what it had started on the cluster may still go on; a cleanup is to end it.
     *
     * @param before how many runs of others that cleanup has to wait for
     */
    public void leftSomething(int before, Instant now) {
        run.cleanup(Cleanup.State.WAITING, null);
        run.launchDue(null);
        job.note(
                Note.of(Note.What.CLEANUP_AWAITED)
                        .with("runsBefore", before)
                        .with("startsAgain", job.state() == JobState.QUEUED),
                now);
    }

    /** The run has ended, what it had started on the cluster may still go on, and nobody ends it. */
    public void leftForGood(Instant now) {
        run.launchDue(null);
        job.note(Note.of(Note.What.LEFT_FOR_GOOD), now);
        startNoOther(now);
    }

    /** What the run had left was to be ended by a cleanup, and none is sent any more. */
    public void cleanupGivenUp(Instant now) {
        run.cleanup(Cleanup.State.FAILED, null);
        leftForGood(now);
    }

    /** The cleanup of the run goes by a step of this key, unless another has gone meanwhile. */
    public void cleanupSent(SubmissionKey cleanupKey) {
        if (run.cleanupSent(cleanupKey)) {
            job.changed();
        }
    }

    /**
     * What the run had left has ended, or could not be ended.
     *
     * @param failure why not; {@code null} when it has ended
     */
    public void cleanedUp(SubmissionKey cleanupKey, @Nullable String failure, Instant now) {
        boolean done = failure == null;
        run.cleanup(done ? Cleanup.State.DONE : Cleanup.State.FAILED, cleanupKey);
        run.launchDue(done ? now : null);
        job.note(
                done
                        ? Note.of(Note.What.LEFTOVER_ENDED)
                        : Note.of(Note.What.LEFTOVER_NOT_ENDED)
                                .with("step", cleanupKey)
                                .with("failure", failure),
                now);
        if (!done) {
            startNoOther(now);
        }
    }

    /**
     * A second run was met under this run's key; it is being stopped.
     *
     * @param leaves whether what it had started may go on
     * @param cleansUp whether a cleanup can end that. It goes by the key, which both runs have, so the right one has to end first.
     */
    public void duplicateFound(RunRef second, boolean leaves, boolean cleansUp, Instant now) {
        String message = "The cluster has a second run of this job, " + second.remoteId() + ". It is being cancelled.";
        if (leaves) {
            message += " If it had started an application, that goes on under the same tag as the right one, "
                    + run.submissionKey() + "; "
                    + (cleansUp
                            ? "a cleanup step is to end it when the right one has ended."
                            : "cleanup steps are turned off, so somebody has to end it.");
        }
        if (leaves && cleansUp) {
            run.cleanup(Cleanup.State.WAITING, null);
        }
        job.write(JobEvent.note(job, now, new Reason(Reason.Code.DUPLICATE_RUN, message), Job.SLIPWAY));
    }

    private void startNoOther(Instant now) {
        if (job.state() == JobState.QUEUED) {
            job.end(
                    JobState.FAILED,
                    new Reason(
                            Reason.Code.OUTCOME_UNKNOWN,
                            "Another attempt was not started: the application of the one before may still run."),
                    now,
                    Job.SLIPWAY);
        }
    }

    private Note of(Note.What what) {
        return Note.of(what).with("attempt", run.attempt());
    }
}
