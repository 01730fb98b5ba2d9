package io.slipway.jobs;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embedded;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * How an entity lies in its table, by the annotations that Hibernate reads: who writes and reads rows in plain SQL, and who does so through
 * Hibernate, go by one description. What the database fills in, and collections, are left out.
 */
final class EntityTable<E> {

    private final Class<E> entity;
    private final String name;
    private final Shape shape;
    private final List<Column> columns;
    private final List<String> names;

    private EntityTable(Class<E> entity) {
        this.entity = entity;
        this.name = snakeCase(entity.getSimpleName());
        this.shape = Shape.of(entity);
        this.columns = shape.columns().toList();
        this.names = columns.stream().map(Column::name).toList();
    }

    static <E> EntityTable<E> of(Class<E> entity) {
        return new EntityTable<>(entity);
    }

    List<String> columns() {
        return names;
    }

    /** For a select list. */
    String columnsOf(String alias) {
        return names.stream().map(column -> alias + "." + column).collect(Collectors.joining(", "));
    }

    /** With a parameter for each column, in their order. */
    String insert() {
        return "insert into " + name + " (" + String.join(", ", names) + ") values ("
                + String.join(", ", Collections.nCopies(names.size(), "?")) + ")";
    }

    /** As the entity has them, in the order of the columns: cheap to get and to compare. */
    @Nullable
    Object[] values(E row) {
        List<@Nullable Object> values = new ArrayList<>(columns.size());
        shape.write(row, values);
        return values.toArray();
    }

    /** For {@link #insert}. */
    @Nullable
    Object[] parameters(E row) {
        @Nullable Object[] values = values(row);
        for (int i = 0; i < values.length; i++) {
            values[i] = parameter(i, values[i]);
        }
        return values;
    }

    /** One of the values as the database takes it. */
    @Nullable
    Object parameter(int column, @Nullable Object value) {
        return value == null ? null : columns.get(column).codec.toSql.apply(value);
    }

    /** @param first the number of its first column in the result, which has all of them in their order */
    E read(ResultSet row, int first) throws SQLException {
        return entity.cast(Objects.requireNonNull(shape.read(row, first, true)));
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(\\p{Lower})(\\p{Upper})", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }

    /** What a field is in the table: a column, or the columns of something embedded. */
    private sealed interface Part permits Column, Group {
        Field field();

        Stream<Column> columns();

        /** How many columns it has. */
        int width();

        void write(@Nullable Object value, List<@Nullable Object> into);

        @Nullable
        Object read(ResultSet row, int number) throws SQLException;
    }

    private record Column(Field field, String name, Codec codec) implements Part {

        @Override
        public Stream<Column> columns() {
            return Stream.of(this);
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public void write(@Nullable Object value, List<@Nullable Object> into) {
            into.add(value);
        }

        @Override
        public @Nullable Object read(ResultSet row, int number) throws SQLException {
            Object value = row.getObject(number, codec.sqlType);
            return value == null ? null : codec.fromSql.apply(value);
        }
    }

    private record Group(Field field, Shape shape, int width) implements Part {

        @Override
        public Stream<Column> columns() {
            return shape.columns();
        }

        @Override
        public void write(@Nullable Object value, List<@Nullable Object> into) {
            shape.write(value, into);
        }

        @Override
        public @Nullable Object read(ResultSet row, int number) throws SQLException {
            return shape.read(row, number, false);
        }
    }

    /** How a value is written to a column and read from it; never {@code null}. */
    private record Codec(Class<?> sqlType, Function<Object, Object> toSql, Function<Object, @Nullable Object> fromSql) {

        static Codec of(Field field) {
            Class<?> type = field.getType();
            Convert convert = field.getAnnotation(Convert.class);
            if (convert != null) {
                return by(convert.converter());
            }
            if (field.isAnnotationPresent(ManyToOne.class)) {
                Field id = fieldsOf(type)
                        .filter(each -> each.isAnnotationPresent(Id.class))
                        .findFirst()
                        .orElseThrow();
                // Who reads a row knows what it belongs to.
                return new Codec(String.class, other -> Objects.requireNonNull(get(opened(id), other)), other -> null);
            }
            if (type == Instant.class) {
                return new Codec(
                        OffsetDateTime.class,
                        value -> ((Instant) value).atOffset(ZoneOffset.UTC),
                        value -> ((OffsetDateTime) value).toInstant());
            }
            if (type.isEnum()) {
                Map<Object, Object> constants = Stream.of(type.getEnumConstants())
                        .collect(Collectors.toMap(constant -> ((Enum<?>) constant).name(), Function.identity()));
                return new Codec(String.class, value -> ((Enum<?>) value).name(), value -> {
                    Object constant = constants.get(value);
                    if (constant == null) {
                        throw new IllegalStateException(field + " has no " + value);
                    }
                    return constant;
                });
            }
            return new Codec(
                    java.lang.invoke.MethodType.methodType(type).wrap().returnType(),
                    Function.identity(),
                    Function.identity());
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // Whoever converts is not asked to convert null.
        private static Codec by(Class<?> converter) {
            AttributeConverter<Object, Object> made =
                    (AttributeConverter<Object, Object>) make(constructorOf(converter));
            Class<?> sqlType = ResolvableType.forClass(converter)
                    .as(AttributeConverter.class)
                    .getGeneric(1)
                    .toClass();
            return new Codec(sqlType, made::convertToDatabaseColumn, made::convertToEntityAttribute);
        }
    }

    /** The parts of an entity, or of what is embedded in one. */
    private record Shape(Constructor<?> constructor, boolean isRecord, List<Part> parts) {

        static Shape of(Class<?> type) {
            List<Part> parts =
                    fieldsOf(type).filter(Shape::isWritten).map(Shape::part).toList();
            return new Shape(
                    type.isRecord() ? constructorOf(type, componentTypes(type)) : constructorOf(type),
                    type.isRecord(),
                    parts);
        }

        private static Class<?>[] componentTypes(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
        }

        private static boolean isWritten(Field field) {
            jakarta.persistence.Column column = field.getAnnotation(jakarta.persistence.Column.class);
            JoinColumn join = field.getAnnotation(JoinColumn.class);
            return !Modifier.isStatic(field.getModifiers())
                    && !Modifier.isTransient(field.getModifiers())
                    && Stream.of(OneToMany.class, ElementCollection.class, GeneratedValue.class)
                            .noneMatch(field::isAnnotationPresent)
                    && (column == null || column.insertable())
                    && (join == null || join.insertable());
        }

        private static Part part(Field field) {
            opened(field);
            if (field.isAnnotationPresent(Embedded.class)) {
                Shape shape = of(field.getType());
                return new Group(field, shape, (int) shape.columns().count());
            }
            jakarta.persistence.Column column = field.getAnnotation(jakarta.persistence.Column.class);
            JoinColumn join = field.getAnnotation(JoinColumn.class);
            String given = column != null ? column.name() : join != null ? join.name() : "";
            return new Column(field, given.isEmpty() ? snakeCase(field.getName()) : given, Codec.of(field));
        }

        Stream<Column> columns() {
            return parts.stream().flatMap(Part::columns);
        }

        void write(@Nullable Object whole, List<@Nullable Object> into) {
            for (Part part : parts) {
                part.write(whole == null ? null : get(part.field(), whole), into);
            }
        }

        /** {@code null} where all columns are empty, unless the row itself is read. */
        @Nullable
        Object read(ResultSet row, int first, boolean isRow) throws SQLException {
            @Nullable Object[] values = new @Nullable Object[parts.size()];
            int number = first;
            for (int i = 0; i < values.length; i++) {
                values[i] = parts.get(i).read(row, number);
                number += parts.get(i).width();
            }
            if (!isRow && Arrays.stream(values).allMatch(Objects::isNull)) {
                return null;
            }
            if (isRecord) {
                return make(constructor, values);
            }
            Object whole = make(constructor);
            for (int i = 0; i < values.length; i++) {
                // Fields that hold collections, or numbers, are not emptied.
                if (values[i] != null) {
                    set(parts.get(i).field(), whole, values[i]);
                }
            }
            return whole;
        }
    }

    /** Of the class and of those above it, which come first. */
    private static Stream<Field> fieldsOf(Class<?> type) {
        Class<?> above = type.getSuperclass();
        return Stream.concat(above == null ? Stream.empty() : fieldsOf(above), Arrays.stream(type.getDeclaredFields()));
    }

    private static Field opened(Field field) {
        field.setAccessible(true);
        return field;
    }

    private static Constructor<?> constructorOf(Class<?> type, Class<?>... parameters) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException none) {
            throw new IllegalStateException(none);
        }
    }

    private static Object make(Constructor<?> constructor, @Nullable Object... values) {
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static @Nullable Object get(Field field, Object whole) {
        try {
            return field.get(whole);
        } catch (IllegalAccessException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void set(Field field, Object whole, @Nullable Object value) {
        try {
            field.set(whole, value);
        } catch (IllegalAccessException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
