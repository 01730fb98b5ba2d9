package io.slipway.project;

import io.slipway.project.InvalidProject.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Sees to it that no two files of a project want the same place, on any file system. */
final class TakenPaths {

    private final Map<String, String> byKey = new HashMap<>();
    private final Set<String> folders = new HashSet<>();

    void file(EntryPath path) {
        foldersAbove(path);
        String other = byKey.putIfAbsent(path.collisionKey(), path.value());
        if (other != null) {
            throw conflict(path.value(), other, folders.contains(other));
        }
    }

    void folder(EntryPath path) {
        if (path.isRoot() || folders.contains(path.value())) {
            return;
        }
        foldersAbove(path);
        String other = byKey.putIfAbsent(path.collisionKey(), path.value());
        if (other != null) {
            throw conflict(path.value(), other, true);
        }
        folders.add(path.value());
    }

    /** Makes room for a file that replaces the one at the path. */
    void free(EntryPath path) {
        byKey.remove(path.collisionKey(), path.value());
    }

    boolean isFolder(EntryPath path) {
        return folders.contains(path.value());
    }

    private void foldersAbove(EntryPath path) {
        folder(path.parent());
    }

    private static InvalidProject conflict(String path, String other, boolean folder) {
        String message;
        if (!path.equals(other)) {
            message =
                    "%s and %s are one name on file systems that do not tell case or Unicode spelling apart; rename one."
                            .formatted(Printable.quoted(path), Printable.quoted(other));
        } else if (folder) {
            message = "%s is both a file and a folder; rename one.".formatted(Printable.quoted(path));
        } else {
            message = "%s is in the archive twice; pack the project again.".formatted(Printable.quoted(path));
        }
        return new InvalidProject(Problem.DUPLICATE_PATH, message);
    }
}
