package io.slipway.project;

import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.UploadEntry.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The files of a project as they will lie on the cluster: without litter, links and wrapping folder.
 *
 * @param entries files, and folders that are empty by intent, by path
 * @param wrapper name of the single folder that held everything; empty when there was none
 */
record ProjectTree(NavigableMap<String, UploadEntry> entries, String wrapper) {

    static ProjectTree of(Upload upload, ReadBudget budget) {
        List<EntryPath> all = upload.entries().stream().map(UploadEntry::path).toList();
        LeftOut litter = LeftOut.of(all);
        Predicate<EntryPath> leftOut = upload.isNormalised() ? path -> false : litter::holds;
        NavigableMap<String, UploadEntry> kept = kept(upload.entries(), leftOut);
        NavigableMap<String, UploadEntry> entries = new Links(kept, leftOut, budget).materialised();
        removeFoldersInUse(entries, all, leftOut);
        if (entries.values().stream().noneMatch(entry -> entry.kind() == Kind.FILE)) {
            throw new InvalidProject(Problem.NO_ENTRY_POINT, "The archive holds no files; there is nothing to start.");
        }
        String wrapper = upload.isNormalised() ? "" : wrapper(entries);
        return new ProjectTree(wrapper.isEmpty() ? entries : below(wrapper, entries), wrapper);
    }

    boolean hasFile(EntryPath path) {
        UploadEntry entry = entries.get(path.value());
        return entry != null && entry.kind() == Kind.FILE;
    }

    /** Every folder that a kept entry lies in is there too, so that links can point to it. */
    private static NavigableMap<String, UploadEntry> kept(List<UploadEntry> all, Predicate<EntryPath> leftOut) {
        NavigableMap<String, UploadEntry> kept = new TreeMap<>();
        TakenPaths taken = new TakenPaths();
        for (UploadEntry entry : all) {
            if (leftOut.test(entry.path())) {
                continue;
            }
            if (entry.kind() == Kind.FOLDER) {
                taken.folder(entry.path());
            } else {
                taken.file(entry.path());
                kept.put(entry.path().value(), entry);
            }
            EntryPath folder =
                    entry.kind() == Kind.FOLDER ? entry.path() : entry.path().parent();
            for (; !folder.isRoot(); folder = folder.parent()) {
                kept.putIfAbsent(folder.value(), UploadEntry.folder(folder));
            }
        }
        return kept;
    }

    /**
     * Leaves only the folders that are empty by intent. One that holds litter alone is not: whether it has an entry of its own
     * depends on the tool that packed it, and the project's id must not.
     */
    private static void removeFoldersInUse(
            NavigableMap<String, UploadEntry> entries, List<EntryPath> all, Predicate<EntryPath> leftOut) {
        Set<String> inUse = new HashSet<>();
        entries.values().forEach(entry -> addFoldersAbove(entry.path(), inUse));
        all.stream().filter(leftOut).forEach(path -> addFoldersAbove(path, inUse));
        entries.values()
                .removeIf(entry -> entry.kind() == Kind.FOLDER
                        && inUse.contains(entry.path().value()));
    }

    private static void addFoldersAbove(EntryPath path, Set<String> folders) {
        EntryPath folder = path.parent();
        while (!folder.isRoot() && folders.add(folder.value())) {
            folder = folder.parent();
        }
    }

    private static String wrapper(NavigableMap<String, UploadEntry> entries) {
        String first = entries.firstKey();
        int slash = first.indexOf('/');
        if (slash < 0) {
            return "";
        }
        String folder = first.substring(0, slash);
        return entries.keySet().stream().allMatch(path -> path.startsWith(folder + "/")) ? folder : "";
    }

    private static NavigableMap<String, UploadEntry> below(String wrapper, NavigableMap<String, UploadEntry> entries) {
        NavigableMap<String, UploadEntry> below = new TreeMap<>();
        entries.values().forEach(entry -> {
            EntryPath path = new EntryPath(entry.path().value().substring(wrapper.length() + 1));
            below.put(path.value(), new UploadEntry(path, entry.kind(), entry.executable(), "", entry.content()));
        });
        return below;
    }
}
