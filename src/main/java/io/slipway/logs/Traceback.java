package io.slipway.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why a Python program died, in its own words: the last traceback of what it printed, without the Java stack that Spark hangs round
 * and behind it.
 */
public record Traceback(List<String> lines) {

    private static final String BEGIN = "Traceback (most recent call last):";
    private static final int LONGEST = 60;

    public Traceback {
        lines = List.copyOf(lines);
    }

    /** The error itself: the last line. */
    public String error() {
        return lines.get(lines.size() - 1);
    }

    /** The last traceback among the lines. */
    public static Optional<Traceback> last(List<String> printed) {
        int begin = -1;
        for (int at = 0; at < printed.size(); at++) {
            if (printed.get(at).strip().endsWith(BEGIN)) {
                begin = at;
            }
        }
        return begin < 0 ? Optional.empty() : Optional.of(read(printed, begin));
    }

    private static Traceback read(List<String> printed, int begin) {
        String first = printed.get(begin);
        int indent = first.indexOf(BEGIN);
        List<String> lines = new ArrayList<>();
        lines.add(BEGIN);
        int at = begin + 1;
        for (; at < printed.size() && isFrame(unindented(printed.get(at), indent)); at++) {
            lines.add(unindented(printed.get(at), indent));
        }
        // The error's message may take several lines; Java's part of it begins with its stack.
        for (; at < printed.size() && isMessage(printed.get(at), lines); at++) {
            lines.add(unindented(printed.get(at), indent));
        }
        return new Traceback(lines.size() <= LONGEST ? lines : shortened(lines));
    }

    private static boolean isFrame(String line) {
        return line.startsWith(" ");
    }

    private static boolean isMessage(String line, List<String> soFar) {
        boolean isFirst = isFrame(soFar.get(soFar.size() - 1)) || soFar.size() == 1;
        if (line.isBlank()) {
            return false;
        }
        return isFirst || !(line.startsWith("\tat ") || line.startsWith("Caused by:") || isLogLine(line));
    }

    /** {@code 26/11/22 17:20:05 INFO …}: Spark's own log went on. */
    private static boolean isLogLine(String line) {
        return line.matches("\\d{2,4}[-/]\\d{2}[-/]\\d{2}[ T]\\d{2}:\\d{2}:\\d{2}.*");
    }

    private static String unindented(String line, int indent) {
        int at = 0;
        while (at < indent && at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return line.substring(at);
    }

    private static List<String> shortened(List<String> lines) {
        List<String> some = new ArrayList<>(lines.subList(0, 10));
        some.add("  … " + (lines.size() - LONGEST) + " lines …");
        some.addAll(lines.subList(lines.size() - LONGEST + 10, lines.size()));
        return some;
    }
}
