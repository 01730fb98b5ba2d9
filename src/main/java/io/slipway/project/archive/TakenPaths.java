package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.security.SecureRandom;
import java.util.function.IntConsumer;

/**
 * Finds the rows of a table by their paths, and sees to it that no two files of a project want the same path. Paths that differ in the
 * case of letters are two, as on the systems that clusters run on. The numbers by which paths are found differ in each process, so that
 * nobody can choose paths that all have the same.
 */
final class TakenPaths {

    static final int NOBODY = -1;

    private static final long SEED = new SecureRandom().nextLong() | 1;
    private static final int SMALLEST = 1 << 8;

    private final EntryTable table;
    private final ReadBudget budget;
    private final IntConsumer replaced;

    /** One more than the row, 0 where there is none; never more than half full. */
    private int[] slots = new int[SMALLEST];

    private int taken;

    private TakenPaths(EntryTable table, ReadBudget budget, IntConsumer replaced) {
        this.table = table;
        this.budget = budget;
        this.replaced = replaced;
    }

    /** Refuses a file whose path is taken. */
    static TakenPaths strict(EntryTable table, ReadBudget budget) {
        return new TakenPaths(table, budget, row -> {
            throw conflict(table.path(row), "is in the archive twice; pack the project again");
        });
    }

    /** As tar, to which files can be appended: the later of two files or links wins, and the other is dropped. */
    static TakenPaths laterWins(EntryTable table, ReadBudget budget, IntConsumer replaced) {
        return new TakenPaths(table, budget, replaced);
    }

    /** Of rows that were checked before, with all the folders above them. */
    static TakenPaths of(EntryTable table, ReadBudget budget) {
        TakenPaths paths = strict(table, budget);
        table.live().forEach(row -> paths.take(row, hash(table.path(row))));
        return paths;
    }

    void file(int row) {
        EntryPath path = new EntryPath(table.path(row));
        requireFolder(path.parent());
        int other = find(path);
        if (other == NOBODY) {
            take(row, hash(path.value()));
        } else if (table.isFolder(other)) {
            throw bothKinds(path.value());
        } else {
            replaced.accept(other);
            replace(other, row);
            table.drop(other);
        }
    }

    /** One that is there already is dropped. */
    void folder(int row) {
        EntryPath path = new EntryPath(table.path(row));
        int other = find(path);
        if (other != NOBODY && table.isFolder(other)) {
            table.drop(row);
            return;
        }
        requireFolder(path.parent());
        if (other != NOBODY) {
            throw bothKinds(path.value());
        }
        take(row, hash(path.value()));
    }

    /** Adds the folder to the table, and those above it, when it is not there. */
    private void requireFolder(EntryPath path) {
        if (path.isRoot()) {
            return;
        }
        int other = find(path);
        if (other == NOBODY) {
            requireFolder(path.parent());
            budget.impliedFolder();
            take(table.folder(path), hash(path.value()));
        } else if (!table.isFolder(other)) {
            throw bothKinds(path.value());
        }
    }

    /** The row of exactly this path, or {@link #NOBODY}. */
    int find(EntryPath path) {
        int hash = hash(path.value());
        for (int slot = slot(hash); slots[slot] != 0; slot = next(slot)) {
            int row = slots[slot] - 1;
            if (table.hash(row) == hash && table.path(row).equals(path.value())) {
                return row;
            }
        }
        return NOBODY;
    }

    /** Gives the path of one row to another of the same path. */
    void replace(int row, int successor) {
        for (int slot = slot(table.hash(row)); slots[slot] != 0; slot = next(slot)) {
            if (slots[slot] == row + 1) {
                slots[slot] = successor + 1;
                table.hash(successor, table.hash(row));
            }
        }
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

    /** Differs in each process, so that nobody can choose keys that all have the same. */
    static int hash(String key) {
        long hash = SEED;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * SEED;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ hash >>> 32);
    }

    private static InvalidProject bothKinds(String path) {
        return conflict(path, "is both a file and a folder; rename one");
    }

    private static InvalidProject conflict(String path, String what) {
        return new InvalidProject(Problem.DUPLICATE_PATH, "%s %s.".formatted(Printable.quoted(path), what));
    }
}
