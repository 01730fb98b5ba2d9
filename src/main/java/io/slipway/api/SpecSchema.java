package io.slipway.api;

import io.slipway.project.spec.SpecField;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a spec looks like, for OpenAPI: made of its fields, so that the two cannot differ. */
final class SpecSchema {

    static final String NAME = "JobSpec";

    private static final String EXAMPLE = """
            {"name": "normal-squares", "arguments": ["--samples", "1000"], "timeout": "PT2H"}""";

    private final JsonMapper json;

    SpecSchema(JsonMapper json) {
        this.json = json;
    }

    Schema<?> schema() {
        Schema<Object> spec = new Schema<>();
        spec.types(Set.of("object"))
                .description("Every field may be left out; each can also be sent as a form field of its own.")
                .example(json.readValue(EXAMPLE, Object.class));
        SpecField.all().forEach(field -> spec.addProperty(field.key(), property(field)));
        return spec;
    }

    private Schema<?> property(SpecField field) {
        Schema<Object> property = new Schema<>();
        property.description(field.about().text());
        switch (field.kind()) {
            case TEXT, DURATION ->
                property.types(orNull("string")).example(field.about().example());
            case CHOICE -> {
                property.types(orNull("string")).example(field.about().example());
                field.choices().forEach(property::addEnumItemObject);
                property.addEnumItemObject(null);
            }
            case NUMBER ->
                property.types(orNull("integer"))
                        .format("int32")
                        .minimum(number(field.least()))
                        .maximum(number(field.most()))
                        .example(Integer.valueOf(field.about().example()));
            case LIST ->
                property.types(orNull("array"))
                        .items(new Schema<>().types(Set.of("string")))
                        .example(json.readValue(field.about().example(), Object.class));
            case MAP ->
                property.types(orNull("object"))
                        .additionalProperties(values(field))
                        .example(json.readValue(field.about().example(), Object.class));
        }
        return property;
    }

    /** A variable without a value keeps the one that an earlier job had. */
    private static Schema<?> values(SpecField field) {
        return new Schema<>().types(field.equals(SpecField.ENVIRONMENT) ? orNull("string") : Set.of("string"));
    }

    private static Set<String> orNull(String type) {
        return new LinkedHashSet<>(List.of(type, "null"));
    }

    private static @Nullable BigDecimal number(@Nullable Long bound) {
        return bound == null ? null : BigDecimal.valueOf(bound);
    }
}
