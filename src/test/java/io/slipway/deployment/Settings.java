package io.slipway.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The names of all settings that the application knows, its own and Spring Boot's, as their metadata tell them. */
final class Settings {

    private final Set<String> names = new TreeSet<>();
    private final Set<String> maps = new TreeSet<>();

    Settings() throws IOException {
        for (URL file : Collections.list(
                Settings.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream json = file.openStream()) {
                JsonMapper.shared().readTree(json).get("properties").forEach(this::add);
            }
        }
        // Read before there are beans, so Boot describes neither.
        names.add("spring.config.additional-location");
        names.add("spring.config.import");
        names.add("spring.profiles.active");
    }

    private void add(JsonNode property) {
        String name = property.get("name").asString();
        names.add(name);
        if (property.path("type").asString("").startsWith("java.util.Map")) {
            maps.add(name);
        }
    }

    boolean knows(String name) {
        return names.contains(name) || maps.stream().anyMatch(map -> name.startsWith(map + "."));
    }

    /** Whether a variable of the environment is a setting, by Spring's relaxed binding. */
    boolean knowsVariable(String variable) {
        return names.stream().anyMatch(name -> variable(name).equals(variable))
                || maps.stream().anyMatch(map -> variable.startsWith(variable(map) + "_"));
    }

    private static String variable(String name) {
        return name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** The settings of a tree as YAML gives it, in dotted names. */
    static Set<String> flat(String prefix, Map<?, ?> tree) {
        Set<String> flat = new TreeSet<>();
        tree.forEach((key, value) -> {
            String name = prefix.isEmpty() ? key.toString() : prefix + "." + key;
            if (value instanceof Map<?, ?> deeper) {
                flat.addAll(flat(name, deeper));
            } else {
                flat.add(name);
            }
        });
        return flat;
    }
}
