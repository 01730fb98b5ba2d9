package io.slipway.project.analysis;

import io.slipway.project.Finding;
import io.slipway.project.Finding.Severity;
import io.slipway.project.ProjectFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Files of a project whose names differ in upper and lower case alone: two on a cluster, one on many laptops. */
final class NamesInCase {

    private static final int SHOWN = 20;

    private NamesInCase() {}

    static List<Finding> of(List<ProjectFile> files) {
        // Numbers first: a project can have a hundred thousand names, and hardly ever two that are alike.
        Map<Integer, Integer> seen = new HashMap<>(files.size() * 2);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < files.size() && findings.size() < SHOWN; i++) {
            String path = files.get(i).path();
            String folded = folded(path);
            Integer other = seen.putIfAbsent(folded.hashCode(), i);
            if (other != null && folded(files.get(other).path()).equals(folded)) {
                findings.add(alike(path, files.get(other).path()));
            }
        }
        return findings;
    }

    private static String folded(String path) {
        return path.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static Finding alike(String path, String other) {
        return new Finding(
                "names-differ-in-case",
                Severity.INFO,
                path,
                1,
                "It differs from %s in upper and lower case alone: two files on a cluster, one on many laptops."
                        .formatted(other),
                "Rename one, if they are meant to be one.");
    }
}
