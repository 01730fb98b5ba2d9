package io.slipway.project.spec;

import io.slipway.project.JobSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A spec as a plain form has it: each field as lines, which are the items of a list, {@code key=value} of a map, or one text. */
public final class SpecLines {

    private SpecLines() {}

    /** Of every field, in their order; no lines where nothing was said. Variables of the environment are names alone. */
    public static Map<SpecField, List<String>> of(JobSpec spec) {
        JsonNode tree = SpecBinder.JSON.valueToTree(WrittenSpec.of(spec));
        Map<SpecField, List<String>> lines = new LinkedHashMap<>();
        SpecField.all().forEach(field -> lines.put(field, lines(tree.path(field.key()))));
        return lines;
    }

    private static List<String> lines(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream().map(JsonNode::asString).toList();
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .map(entry -> entry.getValue().isNull()
                            ? entry.getKey()
                            : entry.getKey() + "=" + entry.getValue().asString())
                    .toList();
        }
        return value.isNull() ? List.of() : List.of(value.asString());
    }
}
