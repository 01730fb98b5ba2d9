package io.slipway.logs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Looks for text in a log, in any case of ASCII letters; other letters as they are written. */
final class LogSearch {

    private static final long SEARCHED_A_CALL = 128L << 20;
    private static final int STEP = 1 << 20;

    private final byte[] wanted;

    LogSearch(String text) {
        this.wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < wanted.length; at++) {
            wanted[at] = lower(wanted[at]);
        }
    }

    /** The first hit from a position on, as far as one call looks. */
    LogWindows.Found in(LineReader lines, long from) throws IOException {
        long position = from;
        while (position - from < SEARCHED_A_CALL) {
            byte[] bytes = lines.log().read(position, STEP + wanted.length);
            int found = indexIn(bytes);
            if (found >= 0) {
                return new LogWindows.Found(lines.startOfLine(position + found), position + found + 1, false);
            }
            if (bytes.length < STEP + wanted.length) {
                return new LogWindows.Found(null, position + bytes.length, true);
            }
            position += STEP;
        }
        return new LogWindows.Found(null, position, false);
    }

    private int indexIn(byte[] bytes) {
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && lower(bytes[at + same]) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }
}
