package io.slipway.project.spec;

import io.slipway.project.InvalidProject.Detail;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One field of {@link WrittenSpec}, as the record describes it.
 *
 * @param choices the words that it takes; empty unless it is a {@link Kind#CHOICE}
 * @param least of a {@link Kind#NUMBER}
 * @param most of a {@link Kind#NUMBER}
 */
public record SpecField(
        String key,
        Kind kind,
        About about,
        List<String> choices,
        @Nullable Long least,
        @Nullable Long most) {

    private static final List<SpecField> ALL = Arrays.stream(WrittenSpec.class.getRecordComponents())
            .map(SpecField::of)
            .toList();

    public static final SpecField CLUSTER = named("cluster");
    public static final SpecField PROJECT_FOLDER = named("projectFolder");
    public static final SpecField ENVIRONMENT = named("environment");
    public static final SpecField CONTAINER = named("container");
    public static final SpecField PYTHON = named("python");
    public static final SpecField PYTHON_ENVIRONMENT = named("pythonEnvironment");

    /** How a value is written. */
    public enum Kind {
        TEXT,
        NUMBER,
        DURATION,
        CHOICE,
        LIST,
        MAP;

        public boolean isSingle() {
            return this != LIST && this != MAP;
        }
    }

    /** In the order of the record. */
    public static List<SpecField> all() {
        return ALL;
    }

    static List<String> keys() {
        return ALL.stream().map(SpecField::key).toList();
    }

    static Optional<SpecField> find(String key) {
        return ALL.stream().filter(field -> field.key.equals(key)).findFirst();
    }

    /** @throws IllegalStateException when the record has no such component: a name that was mistyped here */
    private static SpecField named(String key) {
        return find(key).orElseThrow(() -> new IllegalStateException("a spec has no field " + key));
    }

    /** Something is wrong with this field. */
    public Detail problem(String message) {
        return new Detail(key, message);
    }

    /** What is wrong with a value that is one text but not of the kind; it goes on from the value. */
    String complaint() {
        return switch (kind) {
            case NUMBER -> "is no whole number from %d to %d".formatted(least, most);
            case DURATION -> SpecRules.DURATION;
            case CHOICE -> "is none of " + String.join(", ", choices);
            case TEXT, LIST, MAP -> "is not allowed";
        };
    }

    /** What is wrong with a value that is not even written as the kind is. */
    String shape() {
        return switch (kind) {
            case TEXT, NUMBER, DURATION, CHOICE -> "must be one text";
            case LIST -> "must be a list of texts, such as " + about.example();
            case MAP -> "must be a map of keys and texts, such as " + about.example();
        };
    }

    private static SpecField of(RecordComponent component) {
        About about = Objects.requireNonNull(component.getAnnotation(About.class), component.getName());
        Min least = component.getAccessor().getAnnotation(Min.class);
        Max most = component.getAccessor().getAnnotation(Max.class);
        return new SpecField(
                component.getName(),
                kind(component.getType()),
                about,
                component.getType().isEnum() ? words(component.getType()) : List.of(),
                least == null ? null : least.value(),
                most == null ? null : most.value());
    }

    private static Kind kind(Class<?> type) {
        if (type == String.class) {
            return Kind.TEXT;
        }
        if (type == Integer.class) {
            return Kind.NUMBER;
        }
        if (type == Duration.class) {
            return Kind.DURATION;
        }
        if (type.isEnum()) {
            return Kind.CHOICE;
        }
        return List.class.isAssignableFrom(type) ? Kind.LIST : Kind.MAP;
    }

    static List<String> words(Class<?> choice) {
        return Arrays.stream(choice.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
