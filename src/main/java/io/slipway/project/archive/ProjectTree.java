package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.archive.EntryTable.Kind;
import io.slipway.project.archive.LeftOut.Reason;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The files of a project as they will lie on the cluster: without litter, links and wrapping folder. */
public final class ProjectTree {

    private final EntryTable table;
    private final ReadBudget budget;
    private final LeftOutList leftOut;
    private final int[] danglingLinks;
    private TakenPaths taken;
    private String prefix = "";
    private int[] items = {};
    private int[] written = {};

    private ProjectTree(
            EntryTable table, ReadBudget budget, TakenPaths taken, LeftOutList leftOut, IntStream dangling) {
        this.table = table;
        this.budget = budget;
        this.taken = taken;
        this.leftOut = leftOut;
        this.danglingLinks = dangling.toArray();
    }

    /** As the other, by the names of the files alone. */
    public static ProjectTree of(Upload upload, ReadBudget budget) {
        return of(upload, budget, row -> "", "");
    }

    /**
     * @param sources give the texts of sources, which tell whether a folder wraps the project or is a package of it
     * @param folder the one that is the project; empty for all of the upload, without what wraps it
     * @throws InvalidProject when the upload is at fault, or has no such folder
     */
    static ProjectTree of(Upload upload, ReadBudget budget, IntFunction<String> sources, String folder) {
        EntryTable table = upload.entries();
        LeftOutList list = new LeftOutList();
        Predicate<EntryPath> isLeftOut = upload.isNormalised() ? path -> false : leaveOut(table, list);
        TakenPaths taken = taken(upload, list, budget);
        SymlinkResolver links = new SymlinkResolver(table, taken, isLeftOut, list, budget);
        ProjectTree tree = new ProjectTree(table, budget, links.materialised(), list, links.dangling());
        tree.settle();
        ProjectRoot root = new ProjectRoot(table, tree.items, sources);
        if (!folder.isEmpty()) {
            tree.cutTo(root.prefix(folder));
        } else if (!upload.isNormalised()) {
            tree.cutTo(root.prefix());
        }
        return tree;
    }

    private static Predicate<EntryPath> leaveOut(EntryTable table, LeftOutList list) {
        Litter litter = Litter.of(table);
        table.live().forEach(row -> {
            Litter.Match match = litter.find(table.path(row));
            if (match != null) {
                table.leaveOut(row);
                list.add(match.path(), match.reason(), !table.isFolder(row));
            }
        });
        Compiled.withSource(table).forEach(row -> {
            table.leaveOut(row);
            list.add(table.path(row), Reason.COMPILED, true);
        });
        return path -> litter.find(path.value()) != null;
    }

    private static TakenPaths taken(Upload upload, LeftOutList list, ReadBudget budget) {
        EntryTable table = upload.entries();
        TakenPaths taken = upload.laterWins()
                ? TakenPaths.laterWins(table, budget, row -> list.add(table.path(row), Reason.EARLIER_VERSION, true))
                : TakenPaths.strict(table, budget);
        int uploaded = table.size();
        for (int row = 0; row < uploaded; row++) {
            if (table.isLeftOut(row)) {
                continue;
            }
            if (table.isFolder(row)) {
                taken.folder(row);
            } else {
                if (table.kind(row) == Kind.HARD_LINK) {
                    linkNow(table, row, taken);
                }
                taken.file(row);
            }
        }
        return taken;
    }

    /** A hard link is the file that has the name now; what replaces that later in the archive is another. */
    private static void linkNow(EntryTable table, int link, TakenPaths taken) {
        String target = table.linkTarget(link);
        int file = taken.find(new EntryPath(
                Normalizer.normalize(target.startsWith("./") ? target.substring(2) : target, Normalizer.Form.NFC)));
        if (file != TakenPaths.NOBODY && table.isFile(file)) {
            table.becomeCopy(link, file);
        }
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
            throw new InvalidProject(
                    Problem.NO_ENTRY_POINT,
                    leftOut.has(Reason.ENVIRONMENT)
                            ? "The archive holds a Python environment and no project; send that as pythonEnvironment,"
                                    + " beside the project."
                            : "The archive holds no files; there is nothing to start.");
        }
        written = Arrays.stream(all)
                .filter(row -> !table.isLeftOut(row) && isInside(row))
                .filter(row -> table.isFile(row) || isItem(row) || table.anyBelow(items, table.path(row)))
                .toArray();
    }

    private boolean isItem(int row) {
        int index = table.firstFrom(items, table.path(row));
        return index < items.length && items[index] == row;
    }

    private boolean isInside(int row) {
        return prefix.isEmpty() || table.startsWith(row, prefix);
    }

    private void cutTo(String root) {
        prefix = root;
        items = Arrays.stream(items).filter(this::isInside).toArray();
        written = Arrays.stream(written).filter(this::isInside).toArray();
    }

    EntryTable table() {
        return table;
    }

    /** Path of the folder that held everything and was taken off; empty when there was none. */
    String wrapper() {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** What of the upload does not travel. */
    List<LeftOut> leftOut() {
        return leftOut.sorted(prefix);
    }

    /** Rows of links that were left out because what they point to is not there. */
    IntStream danglingLinks() {
        return Arrays.stream(danglingLinks);
    }

    /** From the project's root, or as the archive has it where the row lies outside of that. */
    String shown(int row) {
        return isInside(row) ? path(row) : table.path(row);
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

    /** From here on files are laid over it, so what is no part of the project gives up its memory. */
    void open() {
        int[] part = written;
        table.live().filter(table::isFolder).filter(row -> !contains(part, row)).forEach(table::drop);
        taken = TakenPaths.of(table, budget);
    }

    private boolean contains(int[] sorted, int row) {
        int index = table.firstFrom(sorted, table.path(row));
        return index < sorted.length && sorted[index] == row;
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
