package io.slipway.project;

import org.jspecify.annotations.Nullable;

/**
 * Something about a plan that somebody should know before it runs.
 *
 * @param code stable, in lower case with dashes
 * @param file of the project; {@code null} when it is about a field of the spec or the whole
 * @param line from 1; {@code null} without a file
 * @param what is found, as one sentence
 * @param wayOut what to do about it
 */
public record Finding(
        String code,
        Severity severity,
        @Nullable String file,
        @Nullable Integer line,
        String what,
        String wayOut) {

    /** How much it matters. */
    public enum Severity {
        /** Worth to know. */
        INFO,
        /** Likely to go wrong on the cluster. */
        WARNING
    }

    public static Finding warning(String code, @Nullable String file, String what, String wayOut) {
        return new Finding(code, Severity.WARNING, file, file == null ? null : 1, what, wayOut);
    }

    public boolean isWarning() {
        return severity == Severity.WARNING;
    }

    /** {@code file:line}, or the code where it is about no file. */
    public String at() {
        return file == null ? code : file + ":" + (line == null ? 1 : line);
    }
}
