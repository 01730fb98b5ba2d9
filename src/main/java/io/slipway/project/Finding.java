package io.slipway.project;

import java.util.ArrayList;
import java.util.List;
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

    /** So many are told of one plan; whoever has more begins with these. */
    public static final int MOST = 1_000;

    private static final int MOST_CHARACTERS = 256 * 1024;

    /** The first of them, and one that says how many there are besides. It is a warning when one of those is. */
    public static List<Finding> capped(List<Finding> findings) {
        return capped(findings, MOST);
    }

    /** @param most at most so many */
    public static List<Finding> capped(List<Finding> findings, int most) {
        int listed = 0;
        int characters = 0;
        while (listed < findings.size() && listed < most && characters <= MOST_CHARACTERS) {
            characters += findings.get(listed++).characters();
        }
        if (listed == findings.size()) {
            return List.copyOf(findings);
        }
        List<Finding> rest = findings.subList(listed, findings.size());
        List<Finding> capped = new ArrayList<>(findings.subList(0, listed));
        capped.add(new Finding(
                "findings-cut",
                rest.stream().anyMatch(Finding::isWarning) ? Severity.WARNING : Severity.INFO,
                null,
                null,
                "There are %,d more findings.".formatted(rest.size()),
                "Mend the ones shown and plan again."));
        return List.copyOf(capped);
    }

    private int characters() {
        return what.length() + wayOut.length() + (file == null ? 0 : file.length());
    }

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
