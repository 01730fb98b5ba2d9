package io.slipway.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why a Python program died, in its own words: the last traceback of what it printed with those that Python or Spark chained to it,
 * without the Java stack that Spark hangs round and behind it.
 *
 * @param isLast whether the program printed nothing behind it: what was caught long before is not why it died
 */
public record Traceback(List<String> lines, boolean isLast) {

    private static final int LONGEST = 60;
    private static final int KEPT_OF_HEAD = 10;

    public Traceback {
        lines = List.copyOf(lines);
    }

    /** The error itself: the last line. */
    public String error() {
        return lines.get(lines.size() - 1);
    }

    /** The last traceback among the lines. */
    public static Optional<Traceback> last(List<String> printed) {
        return TracebackReader.last(printed).map(found -> new Traceback(shortened(found.lines()), found.isLast()));
    }

    /** One that was kept. */
    public static Traceback of(String kept) {
        return new Traceback(kept.lines().toList(), true);
    }

    private static List<String> shortened(List<String> lines) {
        if (lines.size() <= LONGEST) {
            return lines;
        }
        List<String> some = new ArrayList<>(lines.subList(0, KEPT_OF_HEAD));
        some.add("  … " + (lines.size() - LONGEST) + " lines …");
        some.addAll(lines.subList(lines.size() - LONGEST + KEPT_OF_HEAD, lines.size()));
        return some;
    }
}
