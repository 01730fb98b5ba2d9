package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.security.SecureRandom;

/**
 * Finds the rows of a table by their paths, and sees to it that no two files of a project want the same place, on any file system. The
 * numbers by which paths are found differ in each process, so that nobody can choose paths that all have the same.
 */
final class TakenPaths {

    static final int NOBODY = -1;

    private static final long SEED = new SecureRandom().nextLong() | 1;
    private static final int SMALLEST = 1 << 8;

    private final EntryTable table;
    private final ReadBudget budget;

    /** One more than the row, 0 where there is none; never more than half full. */
    private int[] slots = new int[SMALLEST];

    private int taken;

    TakenPaths(EntryTable table, ReadBudget budget) {
        this.table = table;
        this.budget = budget;
    }

    /** Of rows that were checked before, with all the folders above them. */
    static TakenPaths of(EntryTable table, ReadBudget budget) {
        TakenPaths paths = new TakenPaths(table, budget);
        table.live().forEach(row -> paths.take(row, hash(new EntryPath(table.path(row)).collisionKey())));
        return paths;
    }

    void file(int row) {
        EntryPath path = new EntryPath(table.path(row));
        requireFolder(path.parent());
        String key = path.collisionKey();
        int other = find(key, hash(key));
        if (other != NOBODY) {
            throw conflict(path.value(), other, table.isFolder(other));
        }
        take(row, hash(key));
    }

    /** One that is there already is dropped. */
    void folder(int row) {
        EntryPath path = new EntryPath(table.path(row));
        if (find(path) != NOBODY && table.isFolder(find(path))) {
            table.drop(row);
            return;
        }
        requireFolder(path.parent());
        String key = path.collisionKey();
        int other = find(key, hash(key));
        if (other != NOBODY) {
            throw conflict(path.value(), other, true);
        }
        take(row, hash(key));
    }

    /** Adds the folder to the table, and those above it, when it is not there. */
    private void requireFolder(EntryPath path) {
        if (path.isRoot()) {
            return;
        }
        String key = path.collisionKey();
        int other = find(key, hash(key));
        if (other == NOBODY) {
            requireFolder(path.parent());
            budget.impliedFolder();
            take(table.folder(path), hash(key));
        } else if (!table.isFolder(other) || !table.path(other).equals(path.value())) {
            throw conflict(path.value(), other, true);
        }
    }

    /** The row of exactly this path, or {@link #NOBODY}. */
    int find(EntryPath path) {
        String key = path.collisionKey();
        int row = find(key, hash(key));
        return row != NOBODY && table.path(row).equals(path.value()) ? row : NOBODY;
    }

    /** Gives the place of one row to another of the same path. */
    void replace(int row, int successor) {
        for (int slot = slot(table.hash(row)); slots[slot] != 0; slot = next(slot)) {
            if (slots[slot] == row + 1) {
                slots[slot] = successor + 1;
                table.hash(successor, table.hash(row));
            }
        }
    }

    private int find(String key, int hash) {
        for (int slot = slot(hash); slots[slot] != 0; slot = next(slot)) {
            int row = slots[slot] - 1;
            if (table.hash(row) == hash
                    && new EntryPath(table.path(row)).collisionKey().equals(key)) {
                return row;
            }
        }
        return NOBODY;
    }

    private void take(int row, int hash) {
        if (++taken > slots.length / 2) {
            grow();
        }
        table.hash(row, hash);
        put(row);
    }

    private void grow() {
        int[] before = slots;
        slots = new int[before.length * 2];
        for (int slot : before) {
            if (slot != 0) {
                put(slot - 1);
            }
        }
    }

    private void put(int row) {
        int slot = slot(table.hash(row));
        while (slots[slot] != 0) {
            slot = next(slot);
        }
        slots[slot] = row + 1;
    }

    private int slot(int hash) {
        return hash & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }

    private static int hash(String key) {
        long hash = SEED;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * SEED;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ hash >>> 32);
    }

    private InvalidProject conflict(String path, int row, boolean folder) {
        String other = table.path(row);
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
