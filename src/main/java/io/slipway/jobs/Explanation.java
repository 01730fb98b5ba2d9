package io.slipway.jobs;

import org.jspecify.annotations.Nullable;

/**
 * What the logs of a failed run tell of its end, as far as they are there.
 *
 * @param sentence why it failed; {@code null} where the logs tell nothing that the cluster did not
 * @param cause the program's error; {@code null} when there is none, or not yet
 * @param traceback of that error, its files by their paths in the project; at most {@value #LONGEST_TRACEBACK} bytes
 * @param exitStatus of the program, where a log tells it
 * @param isComplete whether nothing more is expected of the logs
 */
public record Explanation(
        @Nullable String sentence,
        @Nullable Cause cause,
        @Nullable String traceback,
        @Nullable Integer exitStatus,
        boolean isComplete) {

    public static final int LONGEST_TRACEBACK = 16 * 1024;

    /** Nothing is known yet, and more may come. */
    public static final Explanation NOTHING_YET = new Explanation(null, null, null, null, false);

    /** Nothing is known, and nothing more will come. */
    public static final Explanation NOTHING = NOTHING_YET.complete();

    public Explanation complete() {
        return new Explanation(sentence, cause, traceback, exitStatus, true);
    }
}
