package io.slipway.api;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Says of each record what its types already say: a component is always there, and may be {@code null} when it is {@link Nullable}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RecordSchemas implements ModelConverter, OpenApiCustomizer {

    private static final String REF = "#/components/schemas/";

    /** Of the whole JVM, as springdoc's converters are: the one of a context that started later takes the place of this one. */
    private static final Map<String, Class<?>> RECORDS = new ConcurrentHashMap<>();

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Schema<?> resolved = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        JavaType java = type.getType() == null ? null : Json31.mapper().constructType(type.getType());
        if (java != null && java.getRawClass().isRecord() && resolved != null) {
            String name = resolved.get$ref() == null
                    ? resolved.getName()
                    : resolved.get$ref().substring(REF.length());
            if (name != null) {
                RECORDS.put(name, java.getRawClass());
            }
        }
        return resolved;
    }

    @Override
    public void customise(OpenAPI api) {
        Map<String, Schema> schemas = api.getComponents().getSchemas();
        RECORDS.forEach((name, type) -> {
            Schema<?> schema = schemas.get(name);
            if (schema != null && schema.getProperties() != null && type != SubmitSchema.class) {
                complete(schema, type);
            }
        });
    }

    private static void complete(Schema<?> schema, Class<?> type) {
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Schema<?> property = schema.getProperties().get(component.getName());
            if (property == null) {
                throw new IllegalStateException(type + " is described without its " + component.getName());
            }
            required.add(component.getName());
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                schema.getProperties().put(component.getName(), orNull(property));
            }
        }
        schema.setRequired(required);
    }

    private static Schema<?> orNull(Schema<?> property) {
        if (property.get$ref() != null || property.getEnum() != null) {
            Schema<?> either = new JsonSchema()
                    .addAnyOfItem(property)
                    .addAnyOfItem(new JsonSchema().types(Set.of("null")))
                    .description(property.getDescription());
            property.setDescription(null);
            return either;
        }
        Set<String> types = new LinkedHashSet<>(property.getTypes());
        types.add("null");
        property.setTypes(types);
        return property;
    }
}
