package io.slipway.provision.emr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.model.Configuration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Configuration classifications, each once: what is said of one twice is put together, and who came first keeps his word. {@code
 * ConfigurationProperties}, CloudFormation's name for {@code Properties}, is understood and told.
 */
final class Classifications {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<String> KNOWN =
            Set.of("Classification", "Properties", "ConfigurationProperties", "Configurations");

    private final Map<String, Classifications> nested = new LinkedHashMap<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final List<String> translated = new ArrayList<>();

    private Classifications() {}

    /**
     * @param json as AWS documents it; {@code null} for none
     * @throws IllegalArgumentException with a sentence, when it is something else
     */
    static Classifications read(@Nullable String json) {
        Classifications read = new Classifications();
        if (json == null || json.isBlank()) {
            return read;
        }
        try {
            read.addAll(JSON.readTree(json), read.translated);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "is no JSON: " + Objects.requireNonNullElse(e.getOriginalMessage(), "it cannot be read") + ".", e);
        }
        return read;
    }

    private void addAll(JsonNode list, List<String> warnings) {
        if (!list.isArray()) {
            throw new IllegalArgumentException(
                    "must be a JSON list, such as [{\"Classification\": \"spark-defaults\", \"Properties\": {…}}].");
        }
        for (JsonNode each : list) {
            String name = each.path("Classification").asString("");
            if (name.isEmpty()) {
                throw new IllegalArgumentException("has an entry without a Classification.");
            }
            for (String key : each.propertyNames()) {
                if (!KNOWN.contains(key)) {
                    throw new IllegalArgumentException("has '" + key + "' in " + name + "; an entry has Classification,"
                            + " Properties and Configurations.");
                }
            }
            Classifications one = of(name);
            if (each.has("ConfigurationProperties")) {
                warnings.add("configurations: ConfigurationProperties of " + name
                        + " is CloudFormation's spelling; it was taken as Properties.");
            }
            one.put(name, each.path("Properties"));
            one.put(name, each.path("ConfigurationProperties"));
            if (each.has("Configurations")) {
                one.addAll(each.path("Configurations"), warnings);
            }
        }
    }

    private void put(String name, JsonNode values) {
        for (Map.Entry<String, JsonNode> value : values.properties()) {
            if (!value.getValue().isValueNode()) {
                throw new IllegalArgumentException("has a property " + value.getKey() + " of " + name
                        + " that is no text; EMR's properties are texts.");
            }
            properties.putIfAbsent(value.getKey(), value.getValue().asString(""));
        }
    }

    /** The one of the name, made when there is none. */
    Classifications of(String name) {
        return nested.computeIfAbsent(name, none -> new Classifications());
    }

    /** Says so unless it was said otherwise. */
    void setDefault(String key, String value) {
        properties.putIfAbsent(key, value);
    }

    /** What was said otherwise than EMR takes it. */
    List<String> translated() {
        return List.copyOf(translated);
    }

    List<Configuration> toEmr() {
        return nested.entrySet().stream()
                .map(each -> configuration(each.getKey(), each.getValue()))
                .toList();
    }

    private static Configuration configuration(String name, Classifications of) {
        Configuration.Builder one = Configuration.builder().classification(name);
        if (!of.properties.isEmpty()) {
            one.properties(of.properties);
        }
        if (!of.nested.isEmpty()) {
            one.configurations(of.toEmr());
        }
        return one.build();
    }
}
