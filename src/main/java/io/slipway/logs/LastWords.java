package io.slipway.logs;

import io.slipway.compute.LogStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program said last. Of a log whose end is not at hand nothing is taken: an error that was caught long before would pass for the
 * cause.
 *
 * @param traceback {@code null} when it left none, or none is known yet
 * @param isBeingInflated whether that may change, because a log is being inflated
 * @param trouble of a log that could not be read; {@code null} when there is none
 */
public record LastWords(
        @Nullable Traceback traceback,
        boolean isBeingInflated,
        @Nullable String trouble) {

    /** So many lines of a log's end are looked through. */
    static final int LINES = 2000;

    private static final LastWords LATER = new LastWords(null, true, null);

    /** Nothing was said. */
    public static final LastWords NONE = new LastWords(null, false, null);

    /** The end of a log, by its stream. */
    interface Ends {
        LogWindow of(LogStream stream) throws IOException;
    }

    static LastWords of(List<LogStream> streams, Ends ends) {
        String trouble = null;
        for (LogStream stream : streams) {
            try {
                LogWindow end = ends.of(stream);
                if (end.log().inflating()) {
                    return LATER;
                }
                if (end.log().trouble() != null) {
                    trouble = trouble == null ? end.log().trouble() : trouble;
                    continue;
                }
                Traceback last = Traceback.last(end.plainLines()).orElse(null);
                if (last != null) {
                    return new LastWords(last, false, trouble);
                }
            } catch (UnknownLog | IOException | LogsUnavailable none) {
                continue;
            }
        }
        return new LastWords(null, false, trouble);
    }
}
