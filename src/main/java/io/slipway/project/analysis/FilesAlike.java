package io.slipway.project.analysis;

import io.slipway.project.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** One finding for each of the first files of a kind; the last of them also says how many more there are. */
final class FilesAlike {

    private static final int SHOWN = 20;

    private FilesAlike() {}

    /**
     * @param verb with which the others are told, as in "So are 7 more."
     * @param finding of a path, and of the words on the others, which are empty or begin with a blank
     */
    static List<Finding> findings(List<String> paths, String verb, BiFunction<String, String, Finding> finding) {
        List<Finding> findings = new ArrayList<>();
        for (String path : paths.subList(0, Math.min(SHOWN, paths.size()))) {
            findings.add(finding.apply(path, ""));
        }
        if (paths.size() > SHOWN) {
            findings.add(finding.apply(paths.get(SHOWN), " So %s %,d more.".formatted(verb, paths.size() - SHOWN - 1)));
        }
        return findings;
    }
}
