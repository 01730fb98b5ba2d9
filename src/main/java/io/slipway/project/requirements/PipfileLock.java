package io.slipway.project.requirements;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@code Pipfile.lock}, of which the default packages are installed. */
final class PipfileLock {

    private PipfileLock() {}

    static Requirements read(String file, String text, RequirementErrors errors) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : packages(file, text).properties()) {
            JsonNode locked = entry.getValue();
            List<String> hashes = new ArrayList<>();
            locked.path("hashes").forEach(hash -> hashes.add(hash.asString("")));
            String version = locked.path("version").asString("");
            new LockedPackage(
                            entry.getKey(),
                            version.startsWith("==") ? version.substring(2) : version,
                            locked.path("markers").asString(""),
                            hashes)
                    .addTo(lines, file, errors);
        }
        return new Requirements(lines, List.of(), Map.of(), true);
    }

    /** Pipenv always writes the section, empty where nothing is needed. */
    private static JsonNode packages(String file, String text) {
        JsonNode packages = json(file, text).path("default");
        if (!packages.isObject()) {
            throw RequirementFiles.refused(file, "has no section \"default\"; write it with pipenv lock");
        }
        return packages;
    }

    private static JsonNode json(String file, String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException | StackOverflowError unreadable) {
            throw RequirementFiles.refused(file, "cannot be read as JSON");
        }
    }
}
