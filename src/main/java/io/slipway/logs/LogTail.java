package io.slipway.logs;

import io.slipway.compute.RunStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** The last lines of a log, found with a bounded look: backwards where that is possible, else in one pass. */
final class LogTail {

    /** No tail is longer, however long its lines are. */
    static final int MOST_BYTES = 8 * 1024 * 1024;

    private static final int FIRST_LOOK = 64 * 1024;

    private LogTail() {}

    private interface Source {
        byte[] read(long position, int length) throws IOException;
    }

    static LogPage of(LogBytes log, int lines) throws IOException {
        return backwards(log::read, log.size(), lines);
    }

    static LogPage of(RunStream stream, int lines) throws IOException {
        OptionalLong size = stream.size();
        return size.isPresent()
                ? backwards((position, length) -> read(stream, position, length), size.getAsLong(), lines)
                : onePass(stream, lines);
    }

    private static byte[] read(RunStream stream, long position, int length) throws IOException {
        try (InputStream in = stream.open(position)) {
            return in.readNBytes(length);
        }
    }

    /** @param size what is its end now; it may grow meanwhile */
    private static LogPage backwards(Source log, long size, int lines) throws IOException {
        for (int look = FIRST_LOOK; ; look = Math.min(look * 8, MOST_BYTES)) {
            long from = Math.max(0, size - look);
            byte[] end = log.read(from, (int) (size - from));
            int start = startOfLastLines(end, end.length, lines);
            if (start > 0 || from == 0 || look == MOST_BYTES) {
                return page(from, end, start, end.length);
            }
        }
    }

    private static LogPage onePass(RunStream stream, int lines) throws IOException {
        byte[] window = new byte[2 * MOST_BYTES];
        int filled = 0;
        long dropped = 0;
        try (InputStream in = stream.open(0)) {
            for (int read = in.read(window, 0, window.length);
                    read >= 0;
                    read = in.read(window, filled, window.length - filled)) {
                filled += read;
                if (filled == window.length) {
                    System.arraycopy(window, MOST_BYTES, window, 0, MOST_BYTES);
                    filled = MOST_BYTES;
                    dropped += MOST_BYTES;
                }
            }
        }
        return page(dropped, window, startOfLastLines(window, filled, lines), filled);
    }

    private static LogPage page(long offset, byte[] bytes, int from, int to) {
        return new LogPage(offset + from, new ByteArrayInputStream(bytes, from, to - from));
    }

    static int startOfLastLines(byte[] bytes, int length, int lines) {
        if (lines == 0) {
            return length;
        }
        int seen = 0;
        // A newline at the very end closes the last line; it does not begin another.
        for (int at = length - 2; at >= 0; at--) {
            if (bytes[at] == '\n' && ++seen == lines) {
                return at + 1;
            }
        }
        return 0;
    }
}
