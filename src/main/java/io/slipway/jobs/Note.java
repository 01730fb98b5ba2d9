package io.slipway.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a line of the history that changes no state is about, in parts: kept as facts, so that the doors can make sentences of it.
 *
 * @param values by their names, as text
 */
public record Note(What what, Map<String, String> values) {

    /** What happened, with the names of its values. */
    public enum What {
        /** {@code source}: where the project is being fetched from. */
        FETCH_BEGUN,
        /** {@code environment}: the id of the Python environment that the job waits for. */
        ENVIRONMENT_AWAITED,
        ENVIRONMENT_READY,
        /** {@code environment}: the id of the one that was built for a cluster of another release or architecture. */
        ENVIRONMENT_OUTLIVED,
        /** Nothing is installed: the cluster's own Python has all that the job requires. */
        REQUIREMENTS_THERE,
        /** {@code file}: what nobody asked to have installed; {@code why}: in sentences. */
        REQUIREMENTS_LEFT_OUT,
        /** The line's reason says why. */
        STOP_REQUESTED,
        /** {@code hadBegun}: whether the run was already running when it was taken back. */
        WITHDRAWN,
        /** {@code attempt}, {@code application}. */
        APPLICATION_FOUND,
        /** {@code exitCode}, when the driver knew it. */
        PROGRAM_ENDED,
        /** {@code attempt}. */
        DRIVER_SILENT,
        /** {@code attempt}. */
        CAUSE_NOT_FOUND,
        /** {@code runsBefore}: how many runs of others the cleanup waits for; {@code startsAgain}: whether another attempt follows. */
        CLEANUP_AWAITED,
        /** Nobody ends what the run may have left. */
        LEFT_FOR_GOOD,
        LEFTOVER_ENDED,
        /** {@code step}: the cleanup's key; {@code failure}. */
        LEFTOVER_NOT_ENDED
    }

    private static final int LONGEST = 2_000;

    public Note {
        values = values == null ? Map.of() : Map.copyOf(values);
    }

    static Note of(What what) {
        return new Note(what, Map.of());
    }

    Note with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, Reason.cut(value.toString(), LONGEST));
        return new Note(what, more);
    }

    /** Empty text for one that is not there: lines of other versions of Slipway may lack it. */
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    public boolean is(String name) {
        return Boolean.parseBoolean(value(name));
    }
}
