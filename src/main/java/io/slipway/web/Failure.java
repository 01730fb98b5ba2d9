package io.slipway.web;

import io.slipway.jobs.Reason;
import io.slipway.logs.LastWords;
import io.slipway.logs.Traceback;
import org.jspecify.annotations.Nullable;

/**
 * Why a job did not end well.
 *
 * @param traceback the program's own last words, when it left some
 * @param isPending whether a traceback may yet be found, once a log is unpacked
 * @param note why there may be more to know than is shown
 */
record Failure(
        String code,
        String message,
        String hint,
        @Nullable Traceback traceback,
        boolean isPending,
        @Nullable String note) {

    static Failure of(Reason reason, LastWords words) {
        return new Failure(
                reason.code().name(),
                headline(reason),
                Headline.hint(reason, Hint.of(reason.code())),
                words.traceback(),
                words.isBeingInflated(),
                note(words));
    }

    /** @param kept the traceback that was stored, of the error that the reason names */
    static Failure of(Reason reason, Traceback kept) {
        return new Failure(
                reason.code().name(),
                headline(reason),
                Headline.hint(
                        reason, "The program ended with an error of its own. The whole of what it printed is below."),
                kept,
                false,
                null);
    }

    /** All lines of a reason that is no exception of the program. */
    private static String headline(Reason reason) {
        return reason.code().isTheProgramsOwn() ? Headline.of(reason) : reason.message();
    }

    private static @Nullable String note(LastWords words) {
        if (words.isBeingInflated()) {
            return "The program's output is being unpacked. Its last words come when that is done.";
        }
        return words.trouble() == null ? null : "Not all of the program's output could be read. " + words.trouble();
    }
}
