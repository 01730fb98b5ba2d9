package io.slipway.project.spec;

import io.slipway.project.Closest;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Printable;
import io.slipway.project.spec.SpecField.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a plain form in the shape that JSON would have given them. */
final class SpecForm {

    /** Not for the spec, but close to its names when mistyped. */
    private static final List<String> OTHER_PARTS = List.of("project", "config", "configPath", "spec");

    private final SpecErrors errors;

    SpecForm(SpecErrors errors) {
        this.errors = errors;
    }

    Map<String, @Nullable Object> fields(Map<String, List<String>> form) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        form.forEach((key, values) -> {
            Optional<SpecField> field = SpecField.of(key);
            if (field.isEmpty()) {
                errors.add(new Detail(Printable.of(key), unknown(key)));
            } else if (!values.isEmpty()) {
                fields.put(key, value(field.get(), values));
            }
        });
        return fields;
    }

    private @Nullable Object value(SpecField field, List<String> values) {
        if (field.shape() == Shape.LIST) {
            return new ArrayList<>(values);
        }
        if (field.shape() == Shape.MAP) {
            return map(field, values);
        }
        if (values.size() > 1) {
            errors.add(new Detail(field.key(), "is given " + values.size() + " times; give it once"));
        }
        return values.get(0);
    }

    private Map<String, @Nullable Object> map(SpecField field, List<String> values) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String pair = values.get(i);
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                // The pair itself may be a secret.
                errors.add(new Detail(field.key() + "[" + i + "]", "must be written as key=value"));
            } else if (map.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                errors.add(new Detail(field.key() + "." + Printable.of(pair.substring(0, equals)), "is given twice"));
            }
        }
        return map;
    }

    private static String unknown(String key) {
        return Closest.to(key, OTHER_PARTS)
                .filter(part -> Closest.to(key, SpecField.keys()).isEmpty())
                .map(part -> "is not a field. Did you mean " + Printable.quoted(part) + "?")
                .orElseGet(() -> SpecLayerReader.unknown(key));
    }
}
