package io.slipway.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One file that a run has left, as its page shows it: text as text, whatever it would be to a browser.
 *
 * @param text {@code null} for a table, a picture, and what can only be downloaded
 * @param cut whether the file goes on behind the text
 */
record ResultShown(
        String path, @Nullable String text, @Nullable CsvTable table, boolean isPicture, boolean cut) {

    /** As much of a file as is looked at. */
    static final int MOST = 256 << 10;

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** As many bytes of a file tell whether it is a picture. */
    static final int PNG_LENGTH = PNG.length;

    /** @param beginning at most one byte more than is shown */
    static ResultShown of(String path, byte[] beginning) {
        if (isPng(beginning)) {
            return new ResultShown(path, null, null, true, false);
        }
        boolean cut = beginning.length > MOST;
        byte[] content = Arrays.copyOf(beginning, Math.min(MOST, beginning.length));
        for (byte each : content) {
            if (each == 0) {
                return new ResultShown(path, null, null, false, false);
            }
        }
        String text = new String(content, StandardCharsets.UTF_8);
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".csv") || name.endsWith(".tsv")
                ? new ResultShown(path, null, CsvTable.of(text, !cut), false, cut)
                : new ResultShown(path, text, null, false, cut);
    }

    /** By its first bytes: a name proves nothing. */
    static boolean isPng(byte[] beginning) {
        return beginning.length >= PNG.length && Arrays.equals(beginning, 0, PNG.length, PNG, 0, PNG.length);
    }
}
