package io.slipway.project.archive;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Contents of tables, found by their SHA-256 in a few bytes each: there can be two hundred thousand of them. The tables' own numbers for
 * rows are used for this, so nothing may be looked up in them by path any more.
 */
final class KnownContents {

    private static final int SMALLEST = 1 << 8;

    private final List<EntryTable> tables = new ArrayList<>();

    /** One more than table and row, 0 where there is none; never more than half full. */
    private long[] slots = new long[SMALLEST];

    private int taken;

    /** All files of the table, which must have been read. Of two of the same content the one that was known first stays. */
    void take(EntryTable table) {
        tables.add(table);
        for (int row : table.live().filter(table::isFile).toArray()) {
            String sha256 = table.content(row).sha256();
            int hash = TakenPaths.hash(sha256);
            if (find(sha256, hash) == null) {
                table.hash(row, hash);
                put(code(tables.size() - 1, row), hash);
                if (++taken > slots.length / 2) {
                    grow();
                }
            }
        }
    }

    @Nullable
    Content find(String sha256) {
        return find(sha256, TakenPaths.hash(sha256));
    }

    private @Nullable Content find(String sha256, int hash) {
        for (int slot = slot(hash); slots[slot] != 0; slot = next(slot)) {
            EntryTable table = table(slots[slot]);
            int row = row(slots[slot]);
            if (table.hash(row) == hash) {
                Content content = table.content(row);
                if (content.sha256().equals(sha256)) {
                    return content;
                }
            }
        }
        return null;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[before.length * 2];
        for (long code : before) {
            if (code != 0) {
                put(code, table(code).hash(row(code)));
            }
        }
    }

    private void put(long code, int hash) {
        int slot = slot(hash);
        while (slots[slot] != 0) {
            slot = next(slot);
        }
        slots[slot] = code;
    }

    private static long code(int table, int row) {
        return ((long) table << Integer.SIZE | row) + 1;
    }

    private EntryTable table(long code) {
        return tables.get((int) (code - 1 >> Integer.SIZE));
    }

    private static int row(long code) {
        return (int) (code - 1);
    }

    private int slot(int hash) {
        return hash & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
