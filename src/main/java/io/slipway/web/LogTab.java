package io.slipway.web;

import io.slipway.compute.Target;
import io.slipway.logs.LogInfo;
import java.util.Locale;

/** A stream of a run as a tab of the log viewer. */
record LogTab(String stream, String title, String size) {

    static LogTab of(LogInfo log, Target.Kind kind) {
        return new LogTab(
                log.name(),
                title(log.name(), kind),
                log.size().isPresent() ? size(log.size().getAsLong()) : "");
    }

    private static String title(String name, Target.Kind kind) {
        boolean ofStep = kind == Target.Kind.EMR && (name.equals("stdout") || name.equals("stderr"));
        return ofStep ? "step " + name : name.replace('-', ' ');
    }

    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.0f KB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }
}
