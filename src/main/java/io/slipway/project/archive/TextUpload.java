package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.util.Locale;
import java.util.Optional;

/** Uploads that are texts and no program as they stand: people take them for one. */
final class TextUpload {

    private TextUpload() {}

    /** @param start the first bytes, each as one character */
    static Optional<InvalidProject> refusal(String start, String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".ipynb")) {
            return refused(
                    fileName,
                    "is a notebook, and notebooks are not run; make a program of it: jupyter nbconvert --to script "
                            + Printable.of(fileName));
        }
        if (lower.endsWith(".py") && isUtf16(start)) {
            return refused(
                    fileName,
                    "is UTF-16 or UTF-32, as PowerShell's > writes it, and Python reads UTF-8; save it as UTF-8 and send it again");
        }
        return Optional.empty();
    }

    private static boolean isUtf16(String start) {
        long zeros = start.chars().filter(c -> c == 0).count();
        return start.startsWith("\u00ff\u00fe") || start.startsWith("\u00fe\u00ff") || zeros > start.length() / 3;
    }

    private static Optional<InvalidProject> refused(String fileName, String why) {
        return Optional.of(
                new InvalidProject(Problem.NOT_AN_ARCHIVE, "%s %s.".formatted(Printable.quoted(fileName), why)));
    }
}
