package io.slipway.jobs;

import io.slipway.project.JobSpec;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A spec as JSON text. It reads what any earlier version wrote: fields that are gone are passed over. */
@Converter
class JobSpecColumn implements AttributeConverter<JobSpec, String> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Nor do numbers that an earlier version did not know: they are 0.
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    @Override
    public String convertToDatabaseColumn(JobSpec spec) {
        return JSON.writeValueAsString(spec);
    }

    @Override
    public JobSpec convertToEntityAttribute(String column) {
        return JSON.readValue(column, JobSpec.class);
    }
}
