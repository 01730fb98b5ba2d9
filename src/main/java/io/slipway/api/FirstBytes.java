package io.slipway.api;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Looks at the begin of what comes, without taking it. */
final class FirstBytes {

    private static final int SOME = 512;

    private FirstBytes() {}

    static boolean areNone(BufferedInputStream content) throws IOException {
        return peek(content).isEmpty();
    }

    /** Whether it is an archive, or anything else that is no text. */
    static boolean areBinary(BufferedInputStream content) throws IOException {
        String start = peek(content);
        return start.startsWith("PK\3\4")
                || start.startsWith("PK\5\6")
                || start.startsWith("\u001f\u008b")
                || start.indexOf('\0') >= 0 && !start.startsWith("\u00ff\u00fe") && !start.startsWith("\u00fe\u00ff");
    }

    private static String peek(BufferedInputStream content) throws IOException {
        content.mark(SOME);
        byte[] first = content.readNBytes(SOME);
        content.reset();
        return new String(first, StandardCharsets.ISO_8859_1);
    }
}
