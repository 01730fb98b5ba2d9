package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Overlaid;
import io.slipway.project.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Lays config files over a project, under the same rules as the entries of an archive. */
final class Overlays {

    private static final int MATCHES_SHOWN = 20;

    private final ProjectTree tree;
    private final Spool spool;
    private final ReadBudget budget;
    private final Set<String> named = new HashSet<>();
    private final Map<String, Overlaid> laid = new TreeMap<>();

    private Overlays(ProjectTree tree, Spool spool, ReadBudget budget) {
        this.tree = tree;
        this.spool = spool;
        this.budget = budget;
    }

    /** Returns what each of them did, by its path in the project. */
    static Map<String, Overlaid> lay(List<ConfigOverlay> overlays, ProjectTree tree, Spool spool, ReadBudget budget)
            throws IOException {
        if (overlays.isEmpty()) {
            return Map.of();
        }
        Overlays layer = new Overlays(tree, spool, budget);
        tree.open();
        for (ConfigOverlay overlay : overlays) {
            layer.lay(overlay);
        }
        tree.close();
        return layer.laid;
    }

    private void lay(ConfigOverlay overlay) throws IOException {
        EntryPath path = target(overlay.path());
        boolean replaces = tree.find(path) != TakenPaths.NOBODY;
        budget.entry();
        try (InputStream in = overlay.content().open()) {
            tree.put(path, spool.deflate(in, budget::copied));
        }
        laid.put(path.value(), replaces ? Overlaid.REPLACED : Overlaid.ADDED);
    }

    private EntryPath target(String written) {
        String slashed = written.replace('\\', '/');
        EntryPath path = EntryPath.of(slashed);
        if (path.isRoot() || slashed.endsWith("/") || isFolder(path)) {
            throw new InvalidProject(
                    Problem.DUPLICATE_PATH,
                    "The config file %s names a folder; name the file that it replaces or adds."
                            .formatted(Printable.quoted(written)));
        }
        if (!named.add(path.value())) {
            throw new InvalidProject(
                    Problem.DUPLICATE_PATH,
                    "Two config files are meant for %s; send one of them.".formatted(Printable.quoted(path.value())));
        }
        if (tree.find(path) == TakenPaths.NOBODY) {
            refuseOtherCase(path);
        }
        if (slashed.indexOf('/') < 0 && tree.find(path) == TakenPaths.NOBODY) {
            refuseWhenItLiesElsewhere(path);
        }
        return path;
    }

    /** A second file beside the one that was meant would change nothing, and nobody would see why. */
    private void refuseOtherCase(EntryPath path) {
        tree.files()
                .mapToObj(tree::path)
                .filter(path.value()::equalsIgnoreCase)
                .findFirst()
                .ifPresent(other -> {
                    throw new InvalidProject(
                            Problem.DUPLICATE_PATH,
                            "The config file %s differs from the project's %s in nothing but the case of letters; send it with that path."
                                    .formatted(Printable.quoted(path.value()), Printable.quoted(other)));
                });
    }

    private boolean isFolder(EntryPath path) {
        int row = tree.find(path);
        return row != TakenPaths.NOBODY && tree.table().isFolder(row);
    }

    private void refuseWhenItLiesElsewhere(EntryPath name) {
        byte[] end = ("/" + name.value()).getBytes(StandardCharsets.UTF_8);
        List<String> matches = tree.files()
                .filter(row -> tree.table().endsWith(row, end))
                .limit(MATCHES_SHOWN)
                .mapToObj(tree::path)
                .toList();
        if (!matches.isEmpty()) {
            throw new InvalidProject(
                    Problem.AMBIGUOUS_CONFIG,
                    "The config file %s is not at the project's root, but there is %s; send it with that path, or as ./%s to add it at the root."
                            .formatted(
                                    Printable.quoted(name.value()),
                                    Printable.of(String.join(", ", matches)),
                                    Printable.of(name.value())),
                    matches.stream()
                            .map(match -> new Detail(Printable.of(match), "has the same name"))
                            .toList());
        }
    }
}
