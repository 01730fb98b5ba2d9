package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The files of a project as they will lie on the cluster: without litter, links and wrapping folder. */
public final class ProjectTree {

    private final EntryTable table;
    private final ReadBudget budget;
    private TakenPaths taken;
    private String prefix = "";
    private int[] items = {};
    private int[] written = {};

    private ProjectTree(EntryTable table, ReadBudget budget, TakenPaths taken) {
        this.table = table;
        this.budget = budget;
        this.taken = taken;
    }

    public static ProjectTree of(Upload upload, ReadBudget budget) {
        EntryTable table = upload.entries();
        LeftOut litter = LeftOut.of(table);
        Predicate<EntryPath> leftOut = upload.isNormalised() ? path -> false : litter::holds;
        table.live().filter(row -> leftOut.test(new EntryPath(table.path(row)))).forEach(table::leaveOut);
        TakenPaths taken = new SymlinkResolver(table, taken(table, budget), leftOut, budget).materialised();
        ProjectTree tree = new ProjectTree(table, budget, taken);
        tree.settle();
        if (!upload.isNormalised()) {
            tree.unwrap();
        }
        return tree;
    }

    private static TakenPaths taken(EntryTable table, ReadBudget budget) {
        TakenPaths taken = new TakenPaths(table, budget);
        int uploaded = table.size();
        for (int row = 0; row < uploaded; row++) {
            if (table.isLeftOut(row)) {
                continue;
            }
            if (table.isFolder(row)) {
                taken.folder(row);
            } else {
                taken.file(row);
            }
        }
        return taken;
    }

    /**
     * Finds the folders that are empty by intent. One that holds litter alone is not: whether it has an entry of its own depends on
     * the tool that packed it, and the project's id must not.
     */
    private void settle() {
        int[] all = table.sorted(table.liveOrLeftOut());
        items = Arrays.stream(all)
                .filter(row -> !table.isLeftOut(row))
                .filter(row -> table.isFile(row) || !table.anyBelow(all, table.path(row)))
                .filter(this::isInside)
                .toArray();
        if (files().findAny().isEmpty()) {
            throw new InvalidProject(Problem.NO_ENTRY_POINT, "The archive holds no files; there is nothing to start.");
        }
        written = Arrays.stream(all)
                .filter(row -> !table.isLeftOut(row) && isInside(row))
                .filter(row -> table.isFile(row) || isItem(row) || table.anyBelow(items, table.path(row)))
                .toArray();
    }

    private boolean isItem(int row) {
        int place = table.firstFrom(items, table.path(row));
        return place < items.length && items[place] == row;
    }

    private boolean isInside(int row) {
        return prefix.isEmpty() || table.startsWith(row, prefix);
    }

    private void unwrap() {
        String first = table.path(items[0]);
        int slash = first.indexOf('/');
        if (slash > 0 && table.startsWith(items[items.length - 1], first.substring(0, slash + 1))) {
            prefix = first.substring(0, slash + 1);
            written = Arrays.stream(written).filter(this::isInside).toArray();
        }
    }

    EntryTable table() {
        return table;
    }

    /** Name of the single folder that held everything and was taken off; empty when there was none. */
    String wrapper() {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** Files, and folders that are empty by intent, sorted by the bytes of their paths. */
    IntStream items() {
        return Arrays.stream(items);
    }

    IntStream files() {
        return items().filter(table::isFile);
    }

    /** The same and every folder above them. */
    IntStream written() {
        return Arrays.stream(written);
    }

    /** From the project's root. */
    String path(int row) {
        return table.path(row, prefix.getBytes(StandardCharsets.UTF_8).length);
    }

    /** From here on files are laid over it: what is no part of the project takes no place any more. */
    void open() {
        int[] part = written;
        table.live().filter(table::isFolder).filter(row -> !contains(part, row)).forEach(table::drop);
        taken = TakenPaths.of(table, budget);
    }

    private boolean contains(int[] sorted, int row) {
        int place = table.firstFrom(sorted, table.path(row));
        return place < sorted.length && sorted[place] == row;
    }

    /** The row of exactly this path, or {@link TakenPaths#NOBODY}. */
    int find(EntryPath path) {
        return taken.find(inTable(path));
    }

    void put(EntryPath path, Content content) {
        int replaced = find(path);
        boolean replaces = replaced != TakenPaths.NOBODY && table.isFile(replaced);
        int row = table.file(inTable(path), replaces && table.isExecutable(replaced));
        table.content(row, content);
        if (replaces) {
            taken.replace(replaced, row);
            table.drop(replaced);
        } else {
            taken.file(row);
        }
    }

    /** Ends what {@link #open} began. */
    void close() {
        settle();
    }

    private EntryPath inTable(EntryPath path) {
        return new EntryPath(inTable(path.value()));
    }

    /** A path from the project's root as the table has it. */
    String inTable(String path) {
        return prefix + path;
    }
}
