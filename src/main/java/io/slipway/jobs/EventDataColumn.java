package io.slipway.jobs;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** The parts of a line of the history, as JSON text. It reads what any other version wrote. */
@Converter
public class EventDataColumn implements AttributeConverter<JobEvent.Data, String> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();

    @Override
    public @Nullable String convertToDatabaseColumn(JobEvent.@Nullable Data data) {
        return data == null ? null : JSON.writeValueAsString(data);
    }

    @Override
    public JobEvent.@Nullable Data convertToEntityAttribute(@Nullable String column) {
        return read(column);
    }

    /** As the feed reads it, past JPA. */
    public static JobEvent.@Nullable Data read(@Nullable String column) {
        return column == null ? null : JSON.readValue(column, JobEvent.Data.class);
    }
}
