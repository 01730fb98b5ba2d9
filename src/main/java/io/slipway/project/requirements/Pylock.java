package io.slipway.project.requirements;

import io.slipway.project.ProjectFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A {@code pylock.toml} (PEP 751): each package with its marker and its files. */
final class Pylock {

    private Pylock() {}

    static Requirements read(
            String file, String text, RequirementSources sources, RequirementRules rules, RequirementErrors errors) {
        Map<String, Object> lock = Locks.toml(file, text);
        if (!Toml.string(lock.get("lock-version")).startsWith("1.")) {
            throw RequirementFiles.refused(
                    file, "has a lock-version that is not known here; write it with version 1.0");
        }
        List<String> lines = new ArrayList<>();
        Map<String, String> wheels = new TreeMap<>();
        for (Map<String, Object> entry : Locks.packages(file, lock, "packages", "uv export or pip lock")) {
            String name = Toml.string(entry.get("name"));
            String marker = Toml.string(entry.get("marker"));
            if (marker.contains(" in extras") || marker.contains(" in dependency_groups")) {
                errors.add(
                        file,
                        0,
                        RequirementLine.name(name)
                                + " is for an extra or a group alone, of which nobody chooses one here; write the lock"
                                + " for what runs on the cluster");
                continue;
            }
            Optional<String> own = ownWheel(file, entry, sources, wheels);
            if (own.isPresent()) {
                lines.add(own.get() + (marker.isBlank() ? "" : " ; " + marker));
            } else {
                new LockedPackage(name, Toml.string(entry.get("version")), marker, hashes(entry, rules))
                        .addTo(lines, file, errors);
            }
        }
        return new Requirements(lines, List.of(), wheels, true);
    }

    private static List<String> hashes(Map<String, Object> entry, RequirementRules rules) {
        List<Map<String, Object>> files = new ArrayList<>(Toml.tables(entry.get("wheels")));
        if (rules.sdists() || files.isEmpty()) {
            files.add(Toml.table(entry.get("sdist")));
        }
        return files.stream()
                .flatMap(each -> Toml.table(each.get("hashes")).entrySet().stream())
                .map(hash -> hash.getKey() + ":" + Toml.string(hash.getValue()))
                .toList();
    }

    /** A wheel that lies in the project. */
    private static Optional<String> ownWheel(
            String file, Map<String, Object> entry, RequirementSources sources, Map<String, String> wheels) {
        Stream<Map<String, Object>> entries = Stream.concat(
                Toml.tables(entry.get("wheels")).stream().filter(wheel -> !wheel.containsKey("url")),
                Stream.of(Toml.table(entry.get("archive"))));
        return new TreeSet<>(entries.map(each -> Toml.string(each.get("path")))
                        .filter(path -> path.endsWith(".whl"))
                        .toList())
                .stream()
                        .map(path -> RequirementsText.climbed(file.substring(0, file.lastIndexOf('/') + 1) + path))
                        .flatMap(path -> sources.file(path).stream())
                        .findFirst()
                        .map(found -> named(found, wheels));
    }

    private static String named(ProjectFile wheel, Map<String, String> wheels) {
        wheels.put(wheel.path(), wheel.sha256());
        return Requirements.WHEELS + wheel.sha256() + "/"
                + wheel.path().substring(wheel.path().lastIndexOf('/') + 1);
    }
}
