package io.slipway.project.spec;

import io.slipway.project.Closest;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns what one source wrote into a layer, and notes every mistake on the way instead of stopping at the first. */
final class SpecLayerReader {

    private final String prefix;
    private final Map<String, @Nullable Object> fields;
    private final KeptValues kept;
    private final SpecErrors errors;

    /** @param prefix stands before each field's name in an error, such as {@code slipway.yml: } */
    SpecLayerReader(String prefix, Map<String, @Nullable Object> fields, KeptValues kept, SpecErrors errors) {
        this.prefix = prefix;
        this.fields = fields;
        this.kept = kept;
        this.errors = errors;
    }

    SpecLayer read() {
        fields.keySet().stream()
                .filter(key -> SpecField.of(key).isEmpty())
                .forEach(key -> error(Printable.of(key), unknown(key)));
        return new SpecLayer(
                name(SpecField.NAME),
                name(SpecField.CLUSTER),
                text(SpecField.ENTRY_POINT),
                arguments(),
                new SpecLayer.Maps(map(SpecField.SPARK_CONF), map(SpecField.ENVIRONMENT), map(SpecField.LABELS)),
                new SpecLayer.Bounds(
                        duration(SpecField.TIMEOUT),
                        duration(SpecField.QUEUE_TIMEOUT),
                        wholeNumber(SpecField.MAX_ATTEMPTS, 1, SpecRules.MAX_ATTEMPTS),
                        wholeNumber(SpecField.PRIORITY, -SpecRules.MAX_PRIORITY, SpecRules.MAX_PRIORITY)),
                launch());
    }

    static String unknown(String key) {
        String known = "Fields are " + String.join(", ", SpecField.keys()) + ".";
        return Closest.to(key, SpecField.keys())
                .map(name -> "is not a field. Did you mean " + Printable.quoted(name) + "?")
                .orElse("is not a field. " + known);
    }

    private @Nullable String name(SpecField field) {
        String value = text(field);
        if (value == null) {
            return null;
        }
        SpecRules.name(value).ifPresent(what -> error(field.key(), what));
        return value;
    }

    private @Nullable Duration duration(SpecField field) {
        String value = text(field);
        if (value == null) {
            return null;
        }
        Optional<Duration> duration = SpecRules.duration(value);
        if (duration.isEmpty()) {
            error(
                    field.key(),
                    "%s is no duration; write it as PT2H, PT90M or P1D, up to %d days"
                            .formatted(Printable.quoted(value), SpecRules.LONGEST.toDays()));
        }
        return duration.orElse(null);
    }

    private @Nullable Integer wholeNumber(SpecField field, int least, int most) {
        String value = text(field);
        if (value == null) {
            return null;
        }
        Optional<Integer> number = SpecRules.wholeNumber(value, least, most);
        if (number.isEmpty()) {
            error(field.key(), "%s is no whole number from %d to %d".formatted(Printable.quoted(value), least, most));
        }
        return number.orElse(null);
    }

    private LaunchLayer launch() {
        return new LaunchLayer(
                choice(SpecField.LAYOUT, Launch.Layout.class),
                choice(SpecField.MODE, Launch.Mode.class),
                map(SpecField.CONTAINER).get(LaunchRules.IMAGE),
                pythonPath(),
                checked(SpecField.PYTHON_ENVIRONMENT, LaunchRules::environment),
                checked(SpecField.EXECUTION_ROLE, LaunchRules::role),
                choice(SpecField.FAIL_ON, Launch.FailOn.class));
    }

    private <E extends Enum<E>> @Nullable E choice(SpecField field, Class<E> type) {
        String value = text(field);
        if (value == null) {
            return null;
        }
        Optional<E> choice = LaunchRules.choice(type, value);
        if (choice.isEmpty()) {
            error(field.key(), "%s is none of %s".formatted(Printable.quoted(value), LaunchRules.choices(type)));
        }
        return choice.orElse(null);
    }

    private @Nullable String checked(SpecField field, Function<String, Optional<String>> rule) {
        String value = text(field);
        if (value != null) {
            rule.apply(value).ifPresent(what -> error(field.key(), what));
        }
        return value;
    }

    private @Nullable List<String> pythonPath() {
        List<String> paths = list(SpecField.PYTHON_PATH, "path");
        if (paths == null) {
            return null;
        }
        if (paths.size() > SpecRules.MAX_PLACES) {
            error(SpecField.PYTHON_PATH.key(), "has more than " + SpecRules.MAX_PLACES + " places");
            return paths;
        }
        List<String> checked = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            try {
                checked.add(EntryPath.of(paths.get(i)).value());
            } catch (InvalidProject unsafe) {
                error(
                        SpecField.PYTHON_PATH.key() + "[" + i + "]",
                        "must be the path of a folder or wheel in the project: " + unsafe.getMessage());
            }
        }
        return checked;
    }

    private @Nullable List<String> arguments() {
        List<String> arguments = list(SpecField.ARGUMENTS, "argument");
        if (arguments != null) {
            checkSize(arguments);
        }
        return arguments;
    }

    private @Nullable List<String> list(SpecField field, String item) {
        Object value = fields.get(field.key());
        if (value == null) {
            return null;
        }
        List<String> items = new ArrayList<>();
        if (!(value instanceof List<?> list)) {
            error(field.key(), "must be a list of texts, one for each " + item);
            return items;
        }
        for (int i = 0; i < list.size(); i++) {
            String text = scalar(field.key() + "[" + i + "]", list.get(i));
            if (text != null) {
                items.add(text);
            }
        }
        return items;
    }

    private void checkSize(List<String> arguments) {
        long characters = arguments.stream().mapToLong(String::length).sum();
        if (arguments.size() > SpecRules.MAX_ARGUMENTS || characters > SpecRules.MAX_ARGUMENT_CHARACTERS) {
            error(
                    SpecField.ARGUMENTS.key(),
                    "are more than %,d or longer than %,d characters; put them into a file of the project"
                            .formatted(SpecRules.MAX_ARGUMENTS, SpecRules.MAX_ARGUMENT_CHARACTERS));
        }
    }

    private Map<String, String> map(SpecField field) {
        Map<String, String> map = new LinkedHashMap<>();
        Object value = fields.get(field.key());
        if (value == null) {
            return map;
        }
        if (!(value instanceof Map<?, ?> entries)) {
            error(field.key(), "must be a map of keys and texts");
            return map;
        }
        entries.forEach((key, entry) -> {
            String at = field.key() + "." + key;
            String text =
                    entry == null && field == SpecField.ENVIRONMENT ? kept(at, String.valueOf(key)) : scalar(at, entry);
            if (text != null) {
                keyProblem(field, String.valueOf(key), text).ifPresent(what -> error(at, what));
                map.put(String.valueOf(key), text);
            }
        });
        return map;
    }

    private @Nullable String kept(String at, String name) {
        Optional<String> value = kept.value(name);
        if (value.isEmpty()) {
            error(at, kept.otherwise());
        }
        return value.orElse(null);
    }

    private static Optional<String> keyProblem(SpecField field, String key, String value) {
        Optional<String> text = SpecRules.text(key);
        return text.isPresent()
                ? text
                : switch (field) {
                    case SPARK_CONF -> SpecRules.confKey(key);
                    case ENVIRONMENT -> SpecRules.variableName(key);
                    case LABELS -> SpecRules.label(key, value);
                    case CONTAINER -> LaunchRules.container(key, value);
                    case NAME,
                            CLUSTER,
                            ENTRY_POINT,
                            ARGUMENTS,
                            TIMEOUT,
                            QUEUE_TIMEOUT,
                            MAX_ATTEMPTS,
                            PRIORITY,
                            LAYOUT,
                            MODE,
                            PYTHON_PATH,
                            PYTHON_ENVIRONMENT,
                            EXECUTION_ROLE,
                            FAIL_ON -> throw new IllegalArgumentException(field + " is no map");
                };
    }

    /** Empty text and null both say nothing: a form sends the first for a field that was left empty. */
    private @Nullable String text(SpecField field) {
        Object value = fields.get(field.key());
        String text = value == null ? null : scalar(field.key(), value);
        return text == null || text.isEmpty() ? null : text;
    }

    private @Nullable String scalar(String at, @Nullable Object value) {
        if (!(value instanceof String text)) {
            error(at, value == null ? "has no value; write \"\" for an empty one" : "must be one text");
            return null;
        }
        Optional<String> wrong = SpecRules.text(text);
        wrong.ifPresent(what -> error(at, what));
        return wrong.isPresent() ? null : text;
    }

    private void error(String at, String message) {
        errors.add(new Detail(prefix + Printable.of(at), message));
    }
}
