package io.slipway.project.archive;

import io.slipway.project.Finding;
import io.slipway.project.Finding.Severity;
import io.slipway.project.Printable;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a project's files tell by their names and first bytes alone. */
final class ArchiveFindings {

    private final ProjectTree tree;
    private final List<Finding> found = new ArrayList<>();

    private ArchiveFindings(ProjectTree tree) {
        this.tree = tree;
    }

    /** @param tree whose contents were all read */
    static List<Finding> of(ProjectTree tree) {
        ArchiveFindings findings = new ArchiveFindings(tree);
        findings.danglingLinks();
        findings.namesThatDifferInCase();
        findings.beginnings();
        findings.compiled();
        return Finding.capped(findings.found);
    }

    private void danglingLinks() {
        tree.danglingLinks()
                .limit(most())
                .forEach(link -> add(
                        "dangling-link",
                        Severity.WARNING,
                        tree.shown(link),
                        "It is a link to %s, which is not in the archive, so it was left out."
                                .formatted(Printable.quoted(tree.table().linkTarget(link))),
                        "Pack what it points to, or take the link out."));
    }

    /** Sorts numbers and not names: a project can have a hundred thousand. */
    private void namesThatDifferInCase() {
        EntryTable table = tree.table();
        long[] keys = tree.written()
                .mapToLong(row -> (long) key(table.path(row)).hashCode() << 32 | row)
                .toArray();
        Arrays.sort(keys);
        for (int i = 1; i < keys.length && found.size() <= most(); i++) {
            if (keys[i] >> 32 == keys[i - 1] >> 32) {
                differInCase(tree.path((int) keys[i - 1]), tree.path((int) keys[i]));
            }
        }
    }

    /** Of two folders, not of each file in them. */
    private void differInCase(String one, String other) {
        boolean together = one.lastIndexOf('/') == other.lastIndexOf('/')
                && one.startsWith(other.substring(0, other.lastIndexOf('/') + 1));
        if (together && key(one).equals(key(other))) {
            add(
                    "names-differ-in-case",
                    Severity.INFO,
                    other,
                    "It and %s differ in nothing but the case of letters. The cluster keeps both; Windows and macOS keep one."
                            .formatted(Printable.quoted(one)),
                    "Rename one of them when they were meant to be the same.");
        }
    }

    private static String key(String path) {
        return Normalizer.normalize(path.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    private void beginnings() {
        EntryTable table = tree.table();
        tree.files()
                .filter(row -> table.beginning(row) != Beginning.ANY)
                .limit(most())
                .forEach(row -> {
                    String path = tree.path(row);
                    boolean python = path.endsWith(".py");
                    if (table.beginning(row) == Beginning.UTF_16 && python) {
                        add(
                                "source-is-utf-16",
                                Severity.WARNING,
                                path,
                                "It is UTF-16 text, as PowerShell's > writes it, which Python does not read.",
                                "Save it as UTF-8: Set-Content -Encoding utf8.");
                    } else if (table.beginning(row) == Beginning.SCRIPT_OF_WINDOWS && !python) {
                        add(
                                "script-of-windows",
                                Severity.WARNING,
                                path,
                                "Its first line ends as lines do on Windows (CR LF), so Linux finds no interpreter of that name.",
                                "Save it with Unix line ends (LF).");
                    }
                });
    }

    private void compiled() {
        IntStream compiled = tree.files().filter(row -> Compiled.is(tree.table(), row));
        compiled.limit(most())
                .forEach(row -> add(
                        "compiled-only",
                        Severity.INFO,
                        tree.path(row),
                        "This module has no source in the project: only the version of Python that compiled it imports it.",
                        "Compile it with the cluster's Python, or send the source."));
    }

    private static int most() {
        return Finding.MOST + 1;
    }

    private void add(String code, Severity severity, @Nullable String file, String what, String wayOut) {
        found.add(new Finding(code, severity, file == null ? null : Printable.of(file), null, what, wayOut));
    }
}
