package io.slipway.logs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Bytes of a log as lines for people. */
final class LogText {

    /** A longer line is cut: the whole of it is in the download. */
    static final int LONGEST_LINE = 8 * 1024;

    /** Cursor moves of terminals, and all else that they are told but colours, which stay. */
    private static final Pattern ESCAPES =
            Pattern.compile("\\x1b(?!\\[[0-9;:]{0,100}m)(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\\x07]{0,500}+\\x07|[@-_])");

    private static final Pattern COLOURS = Pattern.compile("\\x1b\\[[0-9;:]{0,100}m");

    private static final Pattern CONTROLS =
            Pattern.compile("[\\x00-\\x08\\x0b-\\x1a\\x1c-\\x1f\\x7f]|\\x1b(?!\\[[0-9;:]{0,100}m)");

    private LogText() {}

    static List<String> lines(byte[] bytes, int from, int to) {
        List<String> lines = new ArrayList<>();
        int start = from;
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n') {
                lines.add(line(bytes, start, at));
                start = at + 1;
            }
        }
        if (start < to) {
            lines.add(line(bytes, start, to));
        }
        return lines;
    }

    /** A progress bar writes over itself: its last stand is what a terminal would show. */
    private static String line(byte[] bytes, int from, int to) {
        int end = endOfShown(bytes, from, to);
        int start = startOfShown(bytes, from, end);
        boolean cut = end - start > LONGEST_LINE;
        String shown = text(bytes, start, Math.min(end, start + LONGEST_LINE));
        return cut ? shown + " … (cut; the download has the whole line)" : shown;
    }

    /**
     * A line of which not all is at hand.
     *
     * @param head its first bytes
     * @param tail its last ones, its line break included
     */
    static String longLine(byte[] head, byte[] tail) {
        int to = tail.length > 0 && tail[tail.length - 1] == '\n' ? tail.length - 1 : tail.length;
        int end = endOfShown(tail, 0, to);
        int start = startOfShown(tail, 0, end);
        return start > 0 ? line(tail, start, end) : line(head, 0, head.length);
    }

    private static int endOfShown(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && bytes[end - 1] == '\r') {
            end--;
        }
        return end;
    }

    private static int startOfShown(byte[] bytes, int from, int end) {
        int start = end;
        while (start > from && bytes[start - 1] != '\r') {
            start--;
        }
        return start;
    }

    /** A line without its colours. */
    static String plain(String line) {
        return line.indexOf('\u001b') < 0 ? line : COLOURS.matcher(line).replaceAll("");
    }

    private static String text(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return CONTROLS.matcher(ESCAPES.matcher(text).replaceAll("")).replaceAll("\uFFFD");
    }
}
