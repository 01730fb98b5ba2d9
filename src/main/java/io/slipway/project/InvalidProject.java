package io.slipway.project;

import java.util.ArrayList;
import java.util.List;

/**
 * The upload, or what was asked of it, cannot become a job. The message tells the caller what to change; it quotes names from the
 * upload only after they were made printable.
 */
public final class InvalidProject extends RuntimeException {

    /** So many are listed; a request can be wrong in tens of thousands of ways. */
    public static final int MOST_DETAILS = 100;

    private static final int MOST_CHARACTERS = 64 * 1024;

    private final Problem problem;
    private final List<Detail> details;

    public InvalidProject(Problem problem, String message) {
        this(problem, message, List.of());
    }

    public InvalidProject(Problem problem, String message, List<Detail> details) {
        this(problem, message, details, details.size());
    }

    /** @param count of all that is wrong, of which the details may be the first */
    public InvalidProject(Problem problem, String message, List<Detail> details, int count) {
        super(message);
        this.problem = problem;
        this.details = capped(details, count);
    }

    /** The first of them, and one that says how many there are besides. */
    public static List<Detail> capped(List<Detail> details) {
        return capped(details, details.size());
    }

    private static List<Detail> capped(List<Detail> details, int count) {
        List<Detail> listed = new ArrayList<>();
        int characters = 0;
        for (Detail detail : details) {
            characters += detail.at().length() + detail.message().length();
            if (listed.size() == MOST_DETAILS || !listed.isEmpty() && characters > MOST_CHARACTERS) {
                break;
            }
            listed.add(detail);
        }
        if (listed.size() < count) {
            listed.add(new Detail(
                    "more", "%,d more are not listed; correct these first".formatted(count - listed.size())));
        }
        return List.copyOf(listed);
    }

    public Problem problem() {
        return problem;
    }

    /** One line for each field or file at fault; empty when the message says it all. */
    public List<Detail> details() {
        return details;
    }

    /** @param at a field's name ({@code sparkConf.spark.executor.memory}) or a path in the project */
    public record Detail(String at, String message) {}

    /** What is wrong, as callers can tell it apart; the doors map each to a status and a problem type. */
    public enum Problem {
        /** Neither a zip, a tar nor a Python file. */
        NOT_AN_ARCHIVE,
        /** The archive ends early or its checksums do not hold. */
        DAMAGED_ARCHIVE,
        ENCRYPTED_ARCHIVE,
        /** A name that is absolute, climbs out of the root, or a link that points out of it. */
        UNSAFE_PATH,
        /** The same path twice, or one that is both a file and a folder. */
        DUPLICATE_PATH,
        /** A name that no encoding decodes, or that no file system would take. */
        UNREADABLE_NAME,
        /** Total size, entry count or compression ratio over the limit. */
        ARCHIVE_TOO_LARGE,
        /** A manifest that is not canonical, or that the files do not make. */
        WRONG_MANIFEST,
        /** No entry point, several candidates, or one that is not in the project. */
        NO_ENTRY_POINT,
        /** A config file whose path in the project is not clear. */
        AMBIGUOUS_CONFIG,
        /** A field of the spec, or of slipway.yml, that is unknown or has a value it cannot have. */
        INVALID_SPEC,
        /** Something that the cluster's rules, or its way to start a project, do not allow. */
        NOT_ALLOWED
    }
}
