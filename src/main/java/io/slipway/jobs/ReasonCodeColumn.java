package io.slipway.jobs;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** A reason's code as its name. It reads the names of earlier versions, too. */
@Converter
class ReasonCodeColumn implements AttributeConverter<Reason.Code, String> {

    @Override
    public @Nullable String convertToDatabaseColumn(Reason.@Nullable Code code) {
        return code == null ? null : code.name();
    }

    @Override
    public Reason.@Nullable Code convertToEntityAttribute(@Nullable String column) {
        return column == null ? null : Reason.Code.ofStored(column);
    }
}
