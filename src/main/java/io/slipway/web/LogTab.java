package io.slipway.web;

import java.util.Locale;

/** A stream of a run, as a tab of the log viewer or a line of its list of executors. */
record LogTab(String stream, String title, String size, boolean isThere) {

    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.0f KB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }
}
