package io.slipway.logs;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Cuts windows of whole lines out of a log. A line that is longer than a window, such as a progress bar that never ended it, is one
 * line still: the search for its ends is bounded by {@value #LONGEST_SCAN} bytes, and never holds them.
 */
record LineReader(LogBytes log, LineIndex index) {

    private static final int MOST_BYTES = 512 * 1024;

    private static final long LONGEST_SCAN = 128L << 20;

    /** Read at once to number the lines of a window; a long log is numbered by {@link LogWindows#number} in several calls. */
    private static final long COUNTED_AT_ONCE = 64L << 20;

    /** The lines that end at a position. */
    LogWindow upTo(long wanted, int lines) throws IOException {
        long end = Math.min(wanted, log.size());
        int look = (int) Math.min(end, MOST_BYTES);
        byte[] bytes = log.read(end - look, look);
        int start = LogTail.startOfLastLines(bytes, bytes.length, lines);
        if (start == 0 && look < end) {
            // The first line is not whole.
            start = nextLine(bytes);
            if (start < 0) {
                return longLine(startOfLine(end - 1), end);
            }
        }
        return window(end - look + start, Arrays.copyOfRange(bytes, start, bytes.length));
    }

    /** The lines that begin at a position. */
    LogWindow from(long wanted, int lines) throws IOException {
        long start = Math.min(wanted, log.size());
        byte[] bytes = log.read(start, MOST_BYTES);
        int end = 0;
        int seen = 0;
        for (int at = 0; at < bytes.length && seen < lines; at++) {
            if (bytes[at] == '\n') {
                end = at + 1;
                seen++;
            }
        }
        if (seen < lines && bytes.length < MOST_BYTES) {
            end = bytes.length;
        } else if (end == 0) {
            return longLine(start, endOfLine(start));
        }
        return window(start, Arrays.copyOf(bytes, end));
    }

    /** The lines round a line number, from 1. */
    LogWindow around(long line, int lines) throws IOException {
        return from(index.positionOf(log, Math.max(1, line - lines / 3)), lines);
    }

    /** The position of the first byte of the line that a byte belongs to. */
    long startOfLine(long position) throws IOException {
        long limit = Math.max(0, position - LONGEST_SCAN);
        for (long end = position; end > limit; ) {
            int look = (int) Math.min(end - limit, MOST_BYTES);
            byte[] bytes = log.read(end - look, look);
            int at = lastBreak(bytes);
            if (at >= 0) {
                return end - look + at + 1;
            }
            end -= look;
        }
        return limit;
    }

    private long endOfLine(long start) throws IOException {
        for (long at = start; at - start < LONGEST_SCAN; at += MOST_BYTES) {
            byte[] bytes = log.read(at, MOST_BYTES);
            for (int each = 0; each < bytes.length; each++) {
                if (bytes[each] == '\n') {
                    return at + each + 1;
                }
            }
            if (bytes.length < MOST_BYTES) {
                return at + bytes.length;
            }
        }
        return start + LONGEST_SCAN;
    }

    private LogWindow longLine(long start, long end) throws IOException {
        byte[] head = log.read(start, LogText.LONGEST_LINE + 1);
        long last = Math.max(start, end - LogText.LONGEST_LINE - 1);
        byte[] tail = log.read(last, (int) (end - last));
        boolean isOpen = tail.length > 0 && tail[tail.length - 1] != '\n';
        return window(start, end, isOpen ? start : null, List.of(LogText.longLine(head, tail)));
    }

    private LogWindow window(long start, byte[] bytes) throws IOException {
        int last = lastBreak(bytes) + 1;
        Long open = last < bytes.length ? Long.valueOf(start + last) : null;
        return window(start, start + bytes.length, open, LogText.lines(bytes, 0, bytes.length));
    }

    private LogWindow window(long start, long end, @Nullable Long unfinished, List<String> lines) throws IOException {
        OptionalLong before = index.breaksBefore(log, start, COUNTED_AT_ONCE);
        double progress = log.progress();
        long size = Math.max(end, log.size());
        return new LogWindow(
                start,
                end,
                unfinished,
                before.isPresent() ? before.getAsLong() + 1 : null,
                lines,
                new LogWindow.Extent(size, progress, log.trouble()));
    }

    private static int lastBreak(byte[] bytes) {
        int at = bytes.length - 1;
        while (at >= 0 && bytes[at] != '\n') {
            at--;
        }
        return at;
    }

    private static int nextLine(byte[] bytes) {
        for (int at = 0; at < bytes.length - 1; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }
}
