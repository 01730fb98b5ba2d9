package io.slipway.logs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Bytes of a log as lines for people. */
final class LogText {

    /** A longer line is cut: the whole of it is in the download. */
    static final int LONGEST_LINE = 8 * 1024;

    /** Colours and cursor moves of terminals. */
    private static final Pattern ESCAPES = Pattern.compile("\\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\\x07]*\\x07|[@-_])");

    private static final Pattern CONTROLS = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f]");

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

    private static String line(byte[] bytes, int from, int to) {
        boolean cut = to - from > LONGEST_LINE;
        String text = new String(bytes, from, Math.min(to - from, LONGEST_LINE), StandardCharsets.UTF_8);
        // A progress bar writes over itself: its last stand is what a terminal would show.
        String shown = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        shown = shown.substring(shown.lastIndexOf('\r') + 1);
        shown = CONTROLS.matcher(ESCAPES.matcher(shown).replaceAll("")).replaceAll("\uFFFD");
        return cut ? shown + " … (cut; the download has the whole line)" : shown;
    }
}
