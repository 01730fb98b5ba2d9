package io.slipway.project.spec;

import io.slipway.project.Printable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What one source says, as a tree of texts; and how one tree is laid over another. */
final class SpecTree {

    /** No number, time or choice is written with more characters. */
    private static final int LONGEST_WORD = 200;

    private final KeptValues kept;
    private final SpecErrors errors;

    SpecTree(KeptValues kept, SpecErrors errors) {
        this.kept = kept;
        this.errors = errors;
    }

    /** Objects merge key by key; everything else of the upper tree takes the place of what lies below it. */
    static ObjectNode merged(ObjectNode upper, ObjectNode lower) {
        ObjectNode merged = lower.deepCopy();
        for (Map.Entry<String, JsonNode> field : upper.properties()) {
            JsonNode below = merged.path(field.getKey());
            boolean both = field.getValue().isObject() && below.isObject();
            merged.set(field.getKey(), both ? merged(field.getValue().asObject(), below.asObject()) : field.getValue());
        }
        return merged;
    }

    /**
     * Takes out what says nothing (null, and the empty text that a form sends for an empty field) and what is not written as its field
     * is, puts kept values in, and notes what is wrong. Names that are no fields stay: who binds the tree tells of them.
     */
    void tidy(ObjectNode fields) {
        for (SpecField field : SpecField.all()) {
            JsonNode value = fields.path(field.key());
            if (field.equals(SpecField.ENVIRONMENT) && value.isObject()) {
                keep(value.asObject());
            }
            if (!value.isMissingNode() && (isSilent(field, value) || !isGood(field, value))) {
                fields.remove(field.key());
            }
        }
    }

    private static boolean isSilent(SpecField field, JsonNode value) {
        boolean emptyText = value.isString() && value.stringValue().isEmpty();
        return value.isNull() || emptyText && field.kind().isSingle();
    }

    private void keep(ObjectNode environment) {
        List<String> open = environment.properties().stream()
                .filter(variable -> variable.getValue().isNull())
                .map(Map.Entry::getKey)
                .toList();
        for (String name : open) {
            Optional<String> value = kept.value(name);
            value.ifPresent(before -> environment.put(name, before));
            if (value.isEmpty()) {
                errors.add(SpecField.ENVIRONMENT.key() + "." + name, kept.otherwise());
                environment.remove(name);
            }
        }
    }

    private boolean isGood(SpecField field, JsonNode value) {
        boolean shaped = switch (field.kind()) {
            case LIST -> value.isArray();
            case MAP -> value.isObject();
            case TEXT, NUMBER, DURATION, CHOICE -> value.isString();
        };
        if (!shaped) {
            errors.add(field.problem(field.shape()));
            return false;
        }
        if (value.isString() && field.kind() != SpecField.Kind.TEXT && isNoWord(value.stringValue())) {
            errors.add(field.problem(Printable.quoted(value.stringValue()) + " " + field.complaint()));
            return false;
        }
        if (value.isArray()) {
            tidyArray(field.key(), value.asArray());
        } else if (value.isObject()) {
            tidyObject(field.key(), value.asObject());
        }
        return !value.isString() || isText(field.key(), value);
    }

    /** Jackson reads blanks as nothing, and stumbles over what is very long. */
    private static boolean isNoWord(String text) {
        return text.isBlank() || text.length() > LONGEST_WORD;
    }

    private void tidyObject(String at, ObjectNode object) {
        List<String> bad = object.properties().stream()
                .filter(entry -> {
                    String inside = at + "." + entry.getKey();
                    return !isText(inside, object.stringNode(entry.getKey())) || !isText(inside, entry.getValue());
                })
                .map(Map.Entry::getKey)
                .toList();
        bad.forEach(object::remove);
    }

    /** The others keep their numbers, by which mistakes are found. */
    private void tidyArray(String at, ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
            if (!isText(at + "[" + i + "]", array.get(i))) {
                array.set(i, "");
            }
        }
    }

    private boolean isText(String at, JsonNode value) {
        Optional<String> wrong = value.isString()
                ? wrong(value.stringValue())
                : Optional.of(value.isNull() ? "has no value; write \"\" for an empty one" : "must be one text");
        wrong.ifPresent(what -> errors.add(at, what));
        return wrong.isEmpty();
    }

    private static Optional<String> wrong(String text) {
        if (text.indexOf('\0') >= 0) {
            return Optional.of("holds a NUL character");
        }
        boolean halfCharacter = text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
        return halfCharacter ? Optional.of("holds half a Unicode character") : Optional.empty();
    }
}
