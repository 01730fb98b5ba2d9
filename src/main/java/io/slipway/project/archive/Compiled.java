package io.slipway.project.archive;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** Compiled Python outside of {@code __pycache__}: rubbish beside its source, and a module of its own without one. */
final class Compiled {

    private static final byte[] END = ".pyc".getBytes(StandardCharsets.US_ASCII);

    private Compiled() {}

    static boolean is(EntryTable table, int row) {
        return table.endsWith(row, END);
    }

    /** Those of the table's rows whose source is there. */
    static IntStream withSource(EntryTable table) {
        int[] compiled = table.live().filter(row -> is(table, row)).toArray();
        if (compiled.length == 0) {
            return IntStream.empty();
        }
        int[] sorted = table.sorted(table.live());
        return IntStream.of(compiled).filter(row -> {
            String path = table.path(row);
            String source = path.substring(0, path.length() - 1);
            int index = table.firstFrom(sorted, source);
            return index < sorted.length && table.path(sorted[index]).equals(source);
        });
    }
}
