package io.slipway.web;

import io.slipway.logs.LogWindow;
import org.jspecify.annotations.Nullable;

/**
 * One look at a log, and what to say of it.
 *
 * @param window {@code null} when there is no such log, or not yet
 * @param absent why there is nothing to see, when there is nothing
 * @param note why what there is to see is not all of it
 * @param coming whether more may come
 */
record LogLook(
        @Nullable LogWindow window,
        @Nullable String absent,
        @Nullable String note,
        boolean coming) {

    static LogLook absent(String why, boolean coming) {
        return new LogLook(null, why, null, coming);
    }

    static LogLook of(LogWindow window, boolean coming) {
        String trouble = window.log().trouble();
        if (window.log().size() > 0) {
            return new LogLook(window, null, trouble == null ? null : "This is not the whole log. " + trouble, coming);
        }
        if (window.log().inflating()) {
            return new LogLook(window, "The log is being unpacked.", null, coming);
        }
        return new LogLook(window, trouble == null ? nothing(coming) : trouble, null, coming);
    }

    private static String nothing(boolean coming) {
        return coming ? "Nothing was printed here yet." : "Nothing was printed here.";
    }
}
