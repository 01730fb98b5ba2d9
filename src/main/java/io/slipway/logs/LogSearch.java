package io.slipway.logs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Looks for text in a log, in any case of ASCII letters; other letters as they are written. */
final class LogSearch {

    private static final long SEARCHED_A_CALL = 128L << 20;
    private static final int HITS_A_CALL = 2000;
    private static final int STEP = 1 << 20;

    private final byte[] wanted;

    LogSearch(String text) {
        this.wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < wanted.length; at++) {
            wanted[at] = lower(wanted[at]);
        }
    }

    /** The lines that have it, from a position on, as far as one call looks. */
    LogWindows.Hits in(LineReader lines, long from) throws IOException {
        List<Long> found = new ArrayList<>();
        long line = lines.startOfLine(Math.min(from, lines.log().size()));
        boolean has = false;
        for (long position = from; position - from < SEARCHED_A_CALL; position += STEP) {
            byte[] bytes = lines.log().read(position, STEP + wanted.length);
            boolean isLast = bytes.length < STEP + wanted.length;
            int end = isLast ? bytes.length : STEP;
            for (int at = 0; at < end; at++) {
                if (bytes[at] == '\n') {
                    line = position + at + 1;
                    has = false;
                } else if (!has && isAt(bytes, at)) {
                    if (found.size() == HITS_A_CALL) {
                        return new LogWindows.Hits(found, line, false);
                    }
                    found.add(line);
                    has = true;
                }
            }
            if (isLast) {
                return new LogWindows.Hits(found, position + bytes.length, true);
            }
        }
        return new LogWindows.Hits(found, from + SEARCHED_A_CALL, false);
    }

    private boolean isAt(byte[] bytes, int start) {
        if (start + wanted.length > bytes.length) {
            return false;
        }
        for (int at = 0; at < wanted.length; at++) {
            if (lower(bytes[start + at]) != wanted[at]) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }
}
