package io.slipway.jobs;

import org.jspecify.annotations.Nullable;

/**
 * What a run that has ended may still have running on its cluster.
 *
 * @param applicationId {@code null} while it has not been found in the logs
 * @param isBeingEnded whether a cleanup step is to end it; else that has failed
 */
public record Leftover(
        int attempt, SubmissionKey submissionKey, @Nullable String applicationId, boolean isBeingEnded) {

    static Leftover of(Run run) {
        Application application = run.application();
        return new Leftover(
                run.attempt(),
                run.submissionKey(),
                application == null ? null : application.id(),
                run.cleanup() == Cleanup.State.WAITING);
    }

    /** For people. */
    public String message() {
        String what = applicationId == null
                ? "the YARN application with the tag " + submissionKey + ", whose id is not known yet"
                : applicationId;
        return isBeingEnded
                ? "Still running on the cluster until a cleanup step has ended it: " + what + "."
                : "Perhaps still running on the cluster, since the cleanup step failed: " + what
                        + ". Somebody has to end it there.";
    }
}
