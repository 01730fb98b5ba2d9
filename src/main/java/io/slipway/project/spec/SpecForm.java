package io.slipway.project.spec;

import io.slipway.project.Closest;
import io.slipway.project.Printable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a plain form in the shape that JSON would have given them. */
final class SpecForm {

    /** Not for the spec, but close to its names when mistyped. */
    private static final List<String> OTHER_PARTS = List.of("project", "sourceVersion", "config", "configPath", "spec");

    /** Fields of a form for one entry of a map, which people need too often to write as a pair. */
    private static final Map<String, String> SHORT = Map.of("requirements", "requirements", "pythonVersion", "version");

    private final SpecErrors errors;

    SpecForm(SpecErrors errors) {
        this.errors = errors;
    }

    ObjectNode fields(Map<String, List<String>> form) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        form.forEach((key, values) -> {
            Optional<SpecField> field = SpecField.find(key);
            if (SHORT.containsKey(key) && !values.isEmpty()) {
                values.stream()
                        .skip(1)
                        .findFirst()
                        .ifPresent(more -> errors.add(key, "is given " + values.size() + " times; give it once"));
                shortly(fields, SHORT.getOrDefault(key, key), values.get(0));
            } else if (field.isEmpty()) {
                errors.add(key, unknown(key));
            } else if (!values.isEmpty()) {
                JsonNode value = value(field.get(), values);
                JsonNode shorter = fields.path(key);
                fields.set(
                        key,
                        shorter.isObject() && value.isObject()
                                ? SpecTree.merged(value.asObject(), shorter.asObject())
                                : value);
            }
        });
        return fields;
    }

    /** Whether it is a name of the form alone. */
    static boolean isShort(String key) {
        return SHORT.containsKey(key);
    }

    private static void shortly(ObjectNode fields, String entry, String value) {
        String key = SpecField.PYTHON.key();
        ObjectNode python =
                fields.path(key).isObject() ? fields.path(key).asObject() : JsonNodeFactory.instance.objectNode();
        if (!value.isEmpty()) {
            fields.set(key, python.put(entry, value));
        }
    }

    private JsonNode value(SpecField field, List<String> values) {
        return switch (field.kind()) {
            case LIST -> list(values);
            case MAP -> map(field, values);
            case TEXT, NUMBER, DURATION, CHOICE -> {
                if (values.size() > 1) {
                    errors.add(field.problem("is given " + values.size() + " times; give it once"));
                }
                yield JsonNodeFactory.instance.stringNode(values.get(0));
            }
        };
    }

    private static ArrayNode list(List<String> values) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        values.forEach(list::add);
        return list;
    }

    private ObjectNode map(SpecField field, List<String> values) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < values.size(); i++) {
            String pair = values.get(i);
            int equals = pair.indexOf('=');
            String key = pair.substring(0, Math.max(0, equals));
            if (key.isEmpty()) {
                // The pair itself may be a secret.
                errors.add(field.key() + "[" + i + "]", "must be written as key=value");
            } else if (map.has(key)) {
                errors.add(field.key() + "." + key, "is given twice");
            } else {
                map.put(key, pair.substring(equals + 1));
            }
        }
        return map;
    }

    static String unknown(String key) {
        return Closest.to(key, OTHER_PARTS)
                .filter(part -> OtherNames.nameHere(key).isEmpty())
                .filter(part -> Closest.to(key, SpecField.keys()).isEmpty())
                .map(part -> "is not a field. Did you mean " + Printable.quoted(part) + "?")
                .orElseGet(() -> UnknownField.atTheTop(key));
    }
}
