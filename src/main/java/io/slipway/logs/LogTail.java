package io.slipway.logs;

import io.slipway.compute.RunStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * The last lines of a log, found with a bounded look: backwards where that is possible, else in one pass. What is found is read once
 * more while it is sent, since it may be long, many may ask for it, and they may take it slowly.
 */
final class LogTail {

    /** No tail is longer, however long its lines are. */
    static final int MOST_BYTES = 8 * 1024 * 1024;

    private static final int FIRST_LOOK = 64 * 1024;
    private static final int LONGEST_LOOK = 512 * 1024;

    private LogTail() {}

    private interface Source {
        byte[] read(long position, int length) throws IOException;
    }

    static LogPage of(LogBytes log, int lines, int mostBytes) throws IOException {
        long end = log.size();
        long start = backwards(log::read, end, lines, mostBytes);
        return new LogPage(start, new LogPart(log, start, end));
    }

    static LogPage of(RunStream stream, int lines, int mostBytes) throws IOException {
        OptionalLong size = stream.size();
        if (size.isEmpty()) {
            return onePass(stream, lines, mostBytes);
        }
        long end = size.getAsLong();
        long start = backwards((position, length) -> read(stream, position, length), end, lines, mostBytes);
        return page(stream, start, end);
    }

    private static byte[] read(RunStream stream, long position, int length) throws IOException {
        try (InputStream in = stream.open(position)) {
            return in.readNBytes(length);
        }
    }

    private static LogPage page(RunStream stream, long start, long end) throws IOException {
        return new LogPage(start, new FirstOf(stream.open(start), end - start));
    }

    /**
     * Where the last lines begin.
     *
     * @param size what is its end now; it may grow meanwhile
     */
    private static long backwards(Source log, long size, int lines, int mostBytes) throws IOException {
        if (lines == 0) {
            return size;
        }
        long first = Math.max(0, size - mostBytes);
        int missing = lines;
        int look = FIRST_LOOK;
        for (long to = size; to > first; look = LONGEST_LOOK) {
            long from = Math.max(first, to - look);
            byte[] piece = log.read(from, (int) (to - from));
            for (int at = piece.length - 1; at >= 0; at--) {
                // A newline at the very end closes the last line; it does not begin another.
                if (piece[at] == '\n' && from + at < size - 1 && --missing == 0) {
                    return from + at + 1;
                }
            }
            to = from;
        }
        return first;
    }

    private static LogPage onePass(RunStream stream, int lines, int mostBytes) throws IOException {
        // Where each of the last lines begins, in a ring.
        long[] begins = new long[Math.max(1, lines)];
        long seen = 1;
        long size = 0;
        byte[] piece = new byte[FIRST_LOOK];
        boolean isNewLine = false;
        try (InputStream in = stream.open(0)) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                for (int at = 0; at < read; at++) {
                    if (isNewLine) {
                        begins[(int) (seen++ % begins.length)] = size + at;
                    }
                    isNewLine = piece[at] == '\n';
                }
                size += read;
            }
        }
        long oldest = seen < begins.length ? 0 : begins[(int) (seen % begins.length)];
        return page(stream, lines == 0 ? size : Math.max(oldest, size - mostBytes), size);
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
