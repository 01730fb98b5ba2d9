package io.slipway.project.requirements;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the readers of lock files share. */
final class Locks {

    private Locks() {}

    static Map<String, Object> toml(String file, String text) {
        try {
            return Toml.read(text);
        } catch (IllegalArgumentException unreadable) {
            throw RequirementFiles.refused(file, String.valueOf(unreadable.getMessage()));
        }
    }

    /**
     * The packages of a lock, which every tool lists, none included: a file without the list was not written by the tool, and nothing
     * would be installed without a word.
     */
    static List<Map<String, Object>> packages(String file, Map<String, Object> lock, String key, String tool) {
        if (!Toml.isArray(lock.get(key))) {
            throw RequirementFiles.refused(file, "has no list \"" + key + "\"; write it with " + tool);
        }
        return Toml.tables(lock.get(key));
    }

    /** @param packages by what the needs call them */
    static Requirements followed(
            String file,
            List<LockGraph.Need> roots,
            Map<String, List<LockGraph.Need>> needs,
            Map<String, LockedPackage> packages,
            RequirementErrors errors) {
        Map<String, String> markers;
        try {
            markers = LockGraph.markers(roots, needs);
        } catch (IllegalArgumentException tooMany) {
            throw RequirementFiles.refused(file, String.valueOf(tooMany.getMessage()));
        }
        List<String> lines = new ArrayList<>();
        markers.forEach((key, marker) -> {
            LockedPackage found = packages.get(key);
            if (found != null) {
                String both = marker.isEmpty() || found.marker().isEmpty()
                        ? marker + found.marker()
                        : "(" + marker + ") and (" + found.marker() + ")";
                new LockedPackage(found.name(), found.version(), both, found.hashes()).addTo(lines, file, errors);
            }
        });
        return new Requirements(lines, List.of(), Map.of(), true);
    }

    /** Needs to which more can be added. */
    static Map<String, List<LockGraph.Need>> needs() {
        return new LinkedHashMap<>();
    }
}
