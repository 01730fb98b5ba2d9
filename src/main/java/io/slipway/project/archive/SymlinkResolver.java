package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryTable.Kind;
import io.slipway.project.archive.LeftOut.Reason;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Replaces each link by what it points to. Neither S3 nor every unzip keeps links, and a link is the classic way to write
 * outside of a folder; a copy is what the project saw when it ran.
 */
final class SymlinkResolver {

    /** Longest target in bytes of UTF-8; Linux takes no more. */
    static final int LONGEST = 4096;

    /** As Linux: so many links may be followed for one name. */
    private static final int MAX_STEPS = 40;

    /** Characters of paths that are looked up for all links of an archive together; a thousand usual ones need a hundredth. */
    private static final long MAX_WALKED = 8L << 20;

    private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z]:.*", Pattern.DOTALL);

    private final EntryTable table;
    private final TakenPaths taken;
    private final Predicate<EntryPath> leftOut;
    private final LeftOutList list;
    private final ReadBudget budget;
    private final Map<Integer, String> broken = new LinkedHashMap<>();
    private final BitSet dangling = new BitSet();
    private int[] sorted = {};
    private long walked;

    /**
     * @param taken every folder included; nothing lies below a link
     * @param list takes the links that are left out
     */
    SymlinkResolver(
            EntryTable table, TakenPaths taken, Predicate<EntryPath> leftOut, LeftOutList list, ReadBudget budget) {
        this.table = table;
        this.taken = taken;
        this.leftOut = leftOut;
        this.list = list;
        this.budget = budget;
    }

    /**
     * The paths that are taken when the table has copies instead of links.
     *
     * @throws InvalidProject with a detail for each link that leads out of the archive or nowhere
     */
    TakenPaths materialised() {
        int[] links = table.sorted(table.live().filter(table::isLink));
        if (links.length == 0) {
            return taken;
        }
        sorted = table.sorted(table.live());
        for (int link : links) {
            try {
                follow(link, table.path(link), new ArrayDeque<>());
            } catch (Broken found) {
                broken.putIfAbsent(found.link, found.why);
            }
        }
        refuseBroken();
        Arrays.stream(links).forEach(table::drop);
        return TakenPaths.of(table, budget);
    }

    /** SymlinkResolver to what is not in the archive, which were left out. */
    IntStream dangling() {
        return dangling.stream();
    }

    private void refuseBroken() {
        if (broken.isEmpty()) {
            return;
        }
        List<Detail> details = new ArrayList<>();
        broken.forEach((link, why) -> details.add(new Detail(
                Printable.of(table.path(link)),
                "is a link to %s, which %s".formatted(Printable.quoted(table.linkTarget(link)), why))));
        Detail first = details.get(0);
        String others = broken.size() == 1 ? "" : " There are %,d such links.".formatted(broken.size());
        throw new InvalidProject(
                Problem.UNSAFE_PATH,
                "'%s' %s; put a copy of the file in its place, or leave the link out.%s"
                        .formatted(first.at(), first.message(), others),
                details);
    }

    private void follow(int link, String copy, Deque<String> openFolders) {
        budget.entry();
        EntryPath target = target(link);
        int found = taken.find(target);
        if (found != TakenPaths.NOBODY && table.isFile(found)) {
            table.copy(found, copy);
        } else if (found != TakenPaths.NOBODY && table.kind(link) == Kind.SYMBOLIC_LINK) {
            copyFolder(link, found, copy, openFolders);
        } else if (leftOut.test(target)) {
            list.add(table.path(link), Reason.LINK_TO_LEFT_OUT, false);
        } else if (table.kind(link) == Kind.HARD_LINK) {
            throw new Broken(link, "is not a file of the archive");
        } else {
            list.add(table.path(link), Reason.DANGLING_LINK, false);
            dangling.set(link);
        }
    }

    private void copyFolder(int link, int folder, String copy, Deque<String> openFolders) {
        String prefix = table.path(folder) + "/";
        boolean endless = table.startsWith(link, prefix) || openFolders.contains(prefix);
        if (endless || openFolders.size() >= MAX_STEPS) {
            throw new Broken(link, "is a folder that holds the link itself");
        }
        openFolders.push(prefix);
        table.copy(folder, copy);
        for (int i = table.firstFrom(sorted, prefix); i < sorted.length && table.startsWith(sorted[i], prefix); i++) {
            int inside = sorted[i];
            String inner = EntryPath.of(copy + "/" + table.path(inside).substring(prefix.length()))
                    .value();
            if (table.isLink(inside)) {
                follow(inside, inner, openFolders);
            } else {
                budget.entry();
                table.copy(inside, inner);
            }
        }
        openFolders.pop();
    }

    /** Walks the target name by name, because a folder on the way may be a link itself. */
    private EntryPath target(int link) {
        Walked at = new Walked(folderOf(link));
        Deque<String> ahead = new ArrayDeque<>(namesOf(link));
        int steps = 0;
        while (!ahead.isEmpty()) {
            step(link, at, ahead.pop());
            int next = linkAt(at);
            if (next != TakenPaths.NOBODY) {
                if (++steps > MAX_STEPS) {
                    throw new Broken(link, "leads in a circle");
                }
                at = new Walked(folderOf(next));
                List<String> names = namesOf(next);
                for (int i = names.size() - 1; i >= 0; i--) {
                    ahead.push(names.get(i));
                }
            }
        }
        if (at.path().isEmpty()) {
            throw new Broken(link, "is the project's folder itself");
        }
        return EntryPath.of(at.path());
    }

    private void step(int link, Walked at, String name) {
        if (!name.equals("..")) {
            at.enter(Normalizer.normalize(name, Normalizer.Form.NFC));
        } else if (at.path().isEmpty()) {
            throw new Broken(link, "lies outside of the archive");
        } else {
            at.leave();
        }
        if (at.path().length() > EntryPath.MAX_PATH_BYTES) {
            throw new Broken(link, "is not a file of the archive");
        }
        walked += at.path().length();
        if (walked > MAX_WALKED) {
            throw new InvalidProject(
                    Problem.ARCHIVE_TOO_LARGE,
                    "The archive's links lead through too many folders; replace them by copies of the files.");
        }
    }

    private int linkAt(Walked at) {
        int row = taken.find(new EntryPath(at.path()));
        return row != TakenPaths.NOBODY && table.isLink(row) ? row : TakenPaths.NOBODY;
    }

    private String folderOf(int link) {
        return table.kind(link) == Kind.HARD_LINK
                ? ""
                : new EntryPath(table.path(link)).parent().value();
    }

    private List<String> namesOf(int link) {
        String target = table.linkTarget(link);
        if (ABSOLUTE.matcher(target).matches()) {
            throw new Broken(link, "lies outside of the archive");
        }
        return Arrays.stream(target.split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
    }

    /** A link that leads nowhere in the archive; caught where all of them are gathered. */
    private static final class Broken extends RuntimeException {

        private final int link;
        private final String why;

        Broken(int link, String why) {
            super(why, null, false, false);
            this.link = link;
            this.why = why;
        }
    }

    /** A path that grows and shrinks by one name. */
    private static final class Walked {

        private final StringBuilder path;
        private final List<Integer> starts = new ArrayList<>();

        Walked(String folder) {
            path = new StringBuilder(folder);
            for (int slash = 0; !folder.isEmpty() && slash >= 0; slash = folder.indexOf('/', slash + 1)) {
                starts.add(slash);
            }
        }

        void enter(String name) {
            starts.add(path.length());
            path.append(path.length() == 0 ? "" : "/").append(name);
        }

        void leave() {
            path.setLength(starts.remove(starts.size() - 1));
        }

        String path() {
            return path.toString();
        }
    }
}
