package io.slipway.project.requirements;

import io.slipway.project.requirements.LockGraph.Need;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@code uv.lock}: markers stand at the needs, so they are followed from the project itself. Extras and groups that nobody asks for are
 * left out, as {@code uv export --no-dev} does.
 */
final class UvLock {

    private static final Set<String> OWN = Set.of("virtual", "editable");

    /** Packages of one name, which differ by version or source; real locks have one or two. */
    private static final int MOST_OF_A_NAME = 50;

    /** In all packages together; the locks of large applications have some thousands. */
    private static final int MOST_NEEDS = 200_000;

    private record Entry(String key, Map<String, Object> written) {}

    private final String file;
    private final Map<String, List<Entry>> byName;
    private int followed;

    private UvLock(String file, List<Entry> entries) {
        this.file = file;
        this.byName = entries.stream().collect(Collectors.groupingBy(entry -> name(entry.written())));
    }

    static Requirements read(String file, String text, RequirementErrors errors) {
        List<Entry> entries = Locks.packages(file, Locks.toml(file, text), "package", "uv lock").stream()
                .map(written -> new Entry(key(written), written))
                .toList();
        return new UvLock(file, entries).read(entries, errors);
    }

    private Requirements read(List<Entry> entries, RequirementErrors errors) {
        byName.forEach((name, same) -> {
            if (same.size() > MOST_OF_A_NAME) {
                throw RequirementFiles.refused(
                        file,
                        "has more than " + MOST_OF_A_NAME + " packages of the name " + name
                                + "; write it with uv lock");
            }
        });
        Map<String, LockedPackage> packages = new LinkedHashMap<>();
        Map<String, List<Need>> needs = new HashMap<>();
        List<Need> roots = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, Object> written = entry.written();
            boolean own = Toml.table(written.get("source")).keySet().stream().anyMatch(OWN::contains);
            if (own) {
                roots.add(new Need(entry.key(), ""));
            } else {
                packages.put(entry.key(), locked(written));
            }
            needs.put(entry.key(), needed(written.get("dependencies")));
            Toml.table(written.get("optional-dependencies"))
                    .forEach((extra, wanted) -> needs.put(entry.key() + "[" + extra + "]", needed(wanted)));
        }
        if (roots.isEmpty()) {
            throw RequirementFiles.refused(
                    file, "has no project in it from which its packages could be followed; write it with uv lock");
        }
        return Locks.followed(file, roots, needs, packages, errors);
    }

    private List<Need> needed(@Nullable Object written) {
        List<Need> needed = new ArrayList<>();
        for (Map<String, Object> need : Toml.tables(written)) {
            for (Entry entry : byName.getOrDefault(name(need), List.of())) {
                if (isMeant(need, entry.written())) {
                    needs(entry.key(), need).forEach(needed::add);
                }
            }
            followed += 1;
            if (followed + needed.size() > MOST_NEEDS) {
                throw RequirementFiles.refused(
                        file, "has more than " + MOST_NEEDS + " dependencies, which is more than can be followed");
            }
        }
        followed += needed.size();
        return needed;
    }

    private static Stream<Need> needs(String key, Map<String, Object> need) {
        String marker = Toml.string(need.get("marker"));
        Stream<Need> extras = need.get("extra") instanceof List<?> names
                ? names.stream().map(extra -> new Need(key + "[" + extra + "]", marker))
                : Stream.of();
        return Stream.concat(Stream.of(new Need(key, marker)), extras);
    }

    /** Where there are several of a name, a need says which. */
    private static boolean isMeant(Map<String, Object> need, Map<String, Object> entry) {
        return (!need.containsKey("version")
                        || Toml.string(need.get("version")).equals(Toml.string(entry.get("version"))))
                && (!need.containsKey("source") || need.get("source").equals(entry.get("source")));
    }

    private static String name(Map<String, Object> written) {
        return Toml.string(written.get("name"));
    }

    private static String key(Map<String, Object> entry) {
        return name(entry) + " " + Toml.string(entry.get("version")) + " " + Toml.table(entry.get("source"));
    }

    private static LockedPackage locked(Map<String, Object> entry) {
        List<Map<String, Object>> files = new ArrayList<>(Toml.tables(entry.get("wheels")));
        if (files.isEmpty() || !Toml.table(entry.get("sdist")).isEmpty()) {
            files.add(Toml.table(entry.get("sdist")));
        }
        List<String> hashes = files.stream()
                .map(each -> Toml.string(each.get("hash")))
                .filter(hash -> !hash.isEmpty())
                .toList();
        return new LockedPackage(Toml.string(entry.get("name")), Toml.string(entry.get("version")), "", hashes);
    }
}
