package io.slipway.project.requirements;

import io.slipway.project.requirements.LockGraph.Need;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@code uv.lock}: markers stand at the needs, so they are followed from the project itself. Extras and groups that nobody asks for are
 * left out, as {@code uv export --no-dev} does.
 */
final class UvLock {

    private static final Set<String> OWN = Set.of("virtual", "editable");

    private UvLock() {}

    static Requirements read(String file, String text, RequirementErrors errors) {
        List<Map<String, Object>> entries = Toml.tables(Locks.toml(file, text).get("package"));
        Map<String, LockedPackage> packages = new LinkedHashMap<>();
        Map<String, List<Need>> needs = Locks.needs();
        List<Need> roots = new ArrayList<>();
        for (Map<String, Object> entry : entries) {
            String key = key(entry);
            boolean own = Toml.table(entry.get("source")).keySet().stream().anyMatch(OWN::contains);
            if (own) {
                roots.add(new Need(key, ""));
            } else {
                packages.put(key, locked(entry));
            }
            addNeeds(entry, key, entries, needs);
        }
        if (roots.isEmpty()) {
            throw RequirementFiles.refused(
                    file, "has no project in it from which its packages could be followed; write it with uv lock");
        }
        return Locks.followed(file, roots, needs, packages, errors);
    }

    private static void addNeeds(
            Map<String, Object> entry, String key, List<Map<String, Object>> entries, Map<String, List<Need>> needs) {
        needs.put(key, needed(entry.get("dependencies"), entries));
        Toml.table(entry.get("optional-dependencies")).forEach((extra, wanted) -> {
            List<Need> all = new ArrayList<>(needed(wanted, entries));
            needs.put(key + "[" + extra + "]", all);
        });
    }

    private static List<Need> needed(@Nullable Object written, List<Map<String, Object>> entries) {
        return Toml.tables(written).stream()
                .flatMap(need -> entries.stream()
                        .filter(entry -> meant(need, entry))
                        .map(UvLock::key)
                        .flatMap(key -> needs(key, need)))
                .toList();
    }

    private static Stream<Need> needs(String key, Map<String, Object> need) {
        String marker = Toml.string(need.get("marker"));
        Stream<Need> extras = need.get("extra") instanceof List<?> names
                ? names.stream().map(extra -> new Need(key + "[" + extra + "]", marker))
                : Stream.of();
        return Stream.concat(Stream.of(new Need(key, marker)), extras);
    }

    /** Where there are several of a name, a need says which. */
    private static boolean meant(Map<String, Object> need, Map<String, Object> entry) {
        return Toml.string(need.get("name")).equals(Toml.string(entry.get("name")))
                && (!need.containsKey("version")
                        || Toml.string(need.get("version")).equals(Toml.string(entry.get("version"))))
                && (!need.containsKey("source") || need.get("source").equals(entry.get("source")));
    }

    private static String key(Map<String, Object> entry) {
        return Toml.string(entry.get("name")) + " " + Toml.string(entry.get("version")) + " "
                + Toml.table(entry.get("source"));
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
