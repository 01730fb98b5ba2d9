package io.slipway.project;

import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.UploadEntry.Kind;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a link points to in the link's place. Neither S3 nor every unzip keeps links, and a link is the classic way to write
 * outside of a folder; a copy is what the project saw when it ran.
 */
final class Links {

    /** As Linux: so many links may be followed for one name. */
    private static final int MAX_STEPS = 40;

    private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z]:.*", Pattern.DOTALL);

    private final NavigableMap<String, UploadEntry> entries;
    private final Predicate<EntryPath> leftOut;
    private final ReadBudget budget;
    private final NavigableMap<String, UploadEntry> resolved = new TreeMap<>();

    /** @param entries by path, every folder included; nothing lies below a link */
    Links(NavigableMap<String, UploadEntry> entries, Predicate<EntryPath> leftOut, ReadBudget budget) {
        this.entries = entries;
        this.leftOut = leftOut;
        this.budget = budget;
    }

    /** The same entries with copies instead of links. */
    NavigableMap<String, UploadEntry> materialised() {
        for (UploadEntry entry : entries.values()) {
            if (entry.isLink()) {
                follow(entry, entry.path(), new ArrayDeque<>());
            } else {
                resolved.put(entry.path().value(), entry);
            }
        }
        return resolved;
    }

    private void follow(UploadEntry link, EntryPath place, Deque<String> openFolders) {
        budget.entry();
        EntryPath target = target(link);
        UploadEntry found = entries.get(target.value());
        if (found != null && found.kind() == Kind.FILE) {
            put(place, found);
        } else if (found != null && link.kind() == Kind.SYMBOLIC_LINK) {
            copyFolder(link, found, place, openFolders);
        } else if (!leftOut.test(target)) {
            throw unsafe(link, "is not a file of the archive");
        }
    }

    private void copyFolder(UploadEntry link, UploadEntry folder, EntryPath place, Deque<String> openFolders) {
        String prefix = folder.path().value() + "/";
        boolean endless = link.path().value().startsWith(prefix) || openFolders.contains(prefix);
        if (endless || openFolders.size() >= MAX_STEPS) {
            throw unsafe(link, "is a folder that holds the link itself");
        }
        openFolders.push(prefix);
        put(place, folder);
        Map<String, UploadEntry> inside = entries.subMap(prefix, prefix + Character.MAX_VALUE);
        for (UploadEntry entry : inside.values()) {
            EntryPath copy =
                    EntryPath.of(place.value() + "/" + entry.path().value().substring(prefix.length()));
            if (entry.isLink()) {
                follow(entry, copy, openFolders);
            } else {
                budget.entry();
                put(copy, entry);
            }
        }
        openFolders.pop();
    }

    private void put(EntryPath place, UploadEntry original) {
        resolved.put(
                place.value(), new UploadEntry(place, original.kind(), original.executable(), "", original.content()));
    }

    /** Walks the target name by name, because a folder on the way may be a link itself. */
    private EntryPath target(UploadEntry link) {
        List<String> at = new ArrayList<>(names(folderOf(link)));
        Deque<String> ahead = new ArrayDeque<>(namesOf(link));
        int steps = 0;
        while (!ahead.isEmpty()) {
            step(link, at, ahead.pop());
            UploadEntry next = linkAt(at);
            if (next != null) {
                if (++steps > MAX_STEPS) {
                    throw unsafe(link, "leads in a circle");
                }
                at.clear();
                at.addAll(names(folderOf(next)));
                List<String> names = namesOf(next);
                for (int i = names.size() - 1; i >= 0; i--) {
                    ahead.push(names.get(i));
                }
            }
        }
        if (at.isEmpty()) {
            throw unsafe(link, "is the project's folder itself");
        }
        return EntryPath.of(String.join("/", at));
    }

    private static void step(UploadEntry link, List<String> at, String name) {
        if (!name.equals("..")) {
            at.add(Normalizer.normalize(name, Normalizer.Form.NFC));
        } else if (at.isEmpty()) {
            throw unsafe(link, "lies outside of the archive");
        } else {
            at.remove(at.size() - 1);
        }
    }

    private @Nullable UploadEntry linkAt(List<String> at) {
        UploadEntry entry = entries.get(String.join("/", at));
        return entry != null && entry.isLink() ? entry : null;
    }

    private static String folderOf(UploadEntry link) {
        return link.kind() == Kind.HARD_LINK ? "" : link.path().parent().value();
    }

    private static List<String> namesOf(UploadEntry link) {
        if (ABSOLUTE.matcher(link.linkTarget()).matches()) {
            throw unsafe(link, "lies outside of the archive");
        }
        return names(link.linkTarget());
    }

    private static List<String> names(String path) {
        return Arrays.stream(path.split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
    }

    private static InvalidProject unsafe(UploadEntry link, String why) {
        return new InvalidProject(
                Problem.UNSAFE_PATH,
                "%s is a link to %s, which %s; put a copy of the file in its place."
                        .formatted(Printable.quoted(link.path().value()), Printable.quoted(link.linkTarget()), why));
    }
}
