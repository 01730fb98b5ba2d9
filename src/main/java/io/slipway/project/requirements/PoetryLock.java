package io.slipway.project.requirements;

import io.slipway.project.requirements.LockGraph.Need;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A {@code poetry.lock}. Since lock version 2.1 each package has its groups and its marker; before, the needs are followed from
 * {@code pyproject.toml}. The main group alone is installed.
 */
final class PoetryLock {

    private PoetryLock() {}

    static Requirements read(String file, String text, RequirementSources sources, RequirementErrors errors)
            throws IOException {
        List<Map<String, Object>> entries = Locks.packages(file, Locks.toml(file, text), "package", "poetry lock");
        boolean grouped = !entries.isEmpty() && entries.stream().allMatch(entry -> entry.containsKey("groups"));
        if (grouped) {
            List<String> lines = new ArrayList<>();
            entries.stream()
                    .filter(entry -> entry.get("groups") instanceof List<?> groups && groups.contains("main"))
                    .filter(entry -> !Boolean.TRUE.equals(entry.get("optional")))
                    .forEach(
                            entry -> locked(entry, marker(entry.get("markers"))).addTo(lines, file, errors));
            return new Requirements(lines, List.of(), Map.of(), true);
        }
        return followed(file, entries, roots(file, sources), errors);
    }

    private static Requirements followed(
            String file, List<Map<String, Object>> entries, List<Need> roots, RequirementErrors errors) {
        Map<String, LockedPackage> packages = new LinkedHashMap<>();
        Map<String, List<Need>> needs = Locks.needs();
        Set<String> needed = new TreeSet<>();
        for (Map<String, Object> entry : entries) {
            String name = RequirementLine.name(Toml.string(entry.get("name")));
            if (packages.put(name, locked(entry, "")) != null) {
                throw RequirementFiles.refused(
                        file,
                        "has two versions of " + name
                                + ", which its version does not distinguish; write it with Poetry 2");
            }
            List<Need> of = new ArrayList<>();
            Toml.table(entry.get("dependencies")).forEach((to, wanted) -> of.addAll(need(to, wanted)));
            of.forEach(need -> needed.add(need.to()));
            needs.put(name, of);
        }
        List<Need> from = roots.isEmpty()
                ? packages.keySet().stream()
                        .filter(name -> !needed.contains(name))
                        .map(name -> new Need(name, ""))
                        .toList()
                : roots;
        return Locks.followed(file, from, needs, packages, errors);
    }

    private static List<Need> need(String to, @Nullable Object wanted) {
        String name = RequirementLine.name(to);
        if (wanted instanceof List<?> several) {
            return several.stream().flatMap(one -> need(to, one).stream()).toList();
        }
        Map<String, Object> table = Toml.table(wanted);
        return Boolean.TRUE.equals(table.get("optional"))
                ? List.of()
                : List.of(new Need(name, marker(table.get("markers"))));
    }

    private static List<Need> roots(String file, RequirementSources sources) throws IOException {
        String beside = file.substring(0, file.lastIndexOf('/') + 1) + "pyproject.toml";
        Map<String, Object> project = sources.textIfThere(beside)
                .map(text -> Locks.toml(beside, text))
                .orElse(Map.of());
        List<Need> roots = new ArrayList<>();
        Toml.table(Toml.table(Toml.table(project.get("tool")).get("poetry")).get("dependencies"))
                .forEach((name, wanted) -> {
                    if (!name.equals("python")) {
                        roots.addAll(need(name, wanted));
                    }
                });
        if (Toml.table(project.get("project")).get("dependencies") instanceof List<?> lines) {
            lines.forEach(line -> roots.add(root(Toml.string(line))));
        }
        return roots;
    }

    /** A requirement of PEP 621. */
    private static Need root(String line) {
        int semicolon = line.indexOf(';');
        String name =
                (semicolon < 0 ? line : line.substring(0, semicolon)).strip().split("[^A-Za-z0-9._-]", 2)[0];
        return new Need(
                RequirementLine.name(name),
                semicolon < 0 ? "" : line.substring(semicolon + 1).strip());
    }

    /** One for all groups, or one for each. */
    private static String marker(@Nullable Object written) {
        return written instanceof Map ? Toml.string(Toml.table(written).get("main")) : Toml.string(written);
    }

    private static LockedPackage locked(Map<String, Object> entry, String marker) {
        boolean elsewhere = Set.of("git", "directory", "url", "file")
                .contains(Toml.string(Toml.table(entry.get("source")).get("type")));
        List<String> hashes = elsewhere
                ? List.of()
                : Toml.tables(entry.get("files")).stream()
                        .map(each -> Toml.string(each.get("hash")))
                        .toList();
        return new LockedPackage(Toml.string(entry.get("name")), Toml.string(entry.get("version")), marker, hashes);
    }
}
