package io.slipway.project;

import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.UploadEntry.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
    private final TakenPaths taken = new TakenPaths();
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
        layer.takeThePathsOfTheProject();
        for (ConfigOverlay overlay : overlays) {
            layer.lay(overlay);
        }
        return layer.laid;
    }

    private void takeThePathsOfTheProject() {
        tree.entries().values().forEach(entry -> {
            if (entry.kind() == Kind.FOLDER) {
                taken.folder(entry.path());
            } else {
                taken.file(entry.path());
            }
        });
    }

    private void lay(ConfigOverlay overlay) throws IOException {
        EntryPath path = place(overlay.path());
        UploadEntry replaced = tree.entries().get(path.value());
        boolean executable = replaced != null && replaced.executable();
        if (replaced != null && replaced.kind() == Kind.FILE) {
            taken.free(path);
        }
        taken.file(path);
        budget.entry();
        dropEmptyFoldersAbove(path);
        try (InputStream in = Files.newInputStream(overlay.content())) {
            Content content = spool.deflate(in, budget::copied);
            tree.entries().put(path.value(), UploadEntry.file(path, executable, () -> content));
        }
        laid.put(path.value(), replaced == null ? Overlaid.ADDED : Overlaid.REPLACED);
    }

    private EntryPath place(String written) {
        String slashed = written.replace('\\', '/');
        EntryPath path = EntryPath.of(slashed);
        if (path.isRoot() || slashed.endsWith("/") || taken.isFolder(path)) {
            throw new InvalidProject(
                    Problem.DUPLICATE_PATH,
                    "The config file %s names a folder; name the file that it replaces or adds."
                            .formatted(Printable.quoted(written)));
        }
        if (!named.add(path.collisionKey())) {
            throw new InvalidProject(
                    Problem.DUPLICATE_PATH,
                    "Two config files are meant for %s; send one of them.".formatted(Printable.quoted(path.value())));
        }
        if (slashed.indexOf('/') < 0 && !tree.hasFile(path)) {
            refuseWhenItLiesElsewhere(path);
        }
        return path;
    }

    private void refuseWhenItLiesElsewhere(EntryPath name) {
        List<String> matches = tree.entries().values().stream()
                .filter(entry ->
                        entry.kind() == Kind.FILE && entry.path().name().equals(name.value()))
                .map(entry -> entry.path().value())
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
                            .limit(MATCHES_SHOWN)
                            .map(match -> new Detail(Printable.of(match), "has the same name"))
                            .toList());
        }
    }

    private void dropEmptyFoldersAbove(EntryPath path) {
        for (EntryPath folder = path.parent(); !folder.isRoot(); folder = folder.parent()) {
            tree.entries().remove(folder.value());
        }
    }
}
