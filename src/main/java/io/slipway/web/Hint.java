package io.slipway.web;

import io.slipway.jobs.Reason;

/** What to do about a reason, in a sentence. */
final class Hint {

    private Hint() {}

    static String of(Reason.Code code) {
        return switch (code) {
            case RUN_FAILED ->
                "The output below says why. If it is empty, read the other logs: what Spark and the cluster wrote"
                        + " before the program began.";
            case TIMED_OUT -> "Give it more time (timeout), or find in the log what it was waiting for.";
            case QUEUE_TIMED_OUT ->
                "The cluster was busy. Raise queueTimeout, send it to another cluster, or run it again later.";
            case CANCELLED_BY_USER -> "Run it again when it is wanted after all.";
            case CANCELLED_ON_CLUSTER -> "Somebody ended the run on the cluster itself. Ask there, or run it again.";
            case CLUSTER_GONE -> "The cluster ended under it. Run it again on one that is up.";
            case REJECTED_BY_CLUSTER -> "The same job would be refused again. Change what the message names.";
            case START_FAILED ->
                "Nothing of the program has run. Check what the message names on the cluster's machine.";
            case LOST -> "Nobody saw how it ended. See in the log how far it came before you run it again.";
            case DUPLICATE_RUN ->
                "The cluster took the same submission twice. The second run was asked to stop; look whether it wrote"
                        + " anything.";
            case SUBMISSION_UNKNOWN ->
                "It may or may not have been started. Look for its submission key among the cluster's"
                        + " steps before you run it again.";
            case OUTCOME_UNKNOWN ->
                "It was started, and how it ended cannot be found out. Look at what it wrote before you"
                        + " run it again.";
            case ENVIRONMENT_FAILED ->
                "Correct what the message names in the project's requirements and send it again; the environment's log"
                        + " has all that pip said.";
            case SOURCE_FAILED -> "Nothing was run. Mend what the message says, and send it again.";
            case OTHER ->
                "A newer version of the service wrote this while the service is being updated. Look again when it has been.";
            case UPLOAD_INTERRUPTED -> "Nothing was accepted. Send it again.";
        };
    }
}
