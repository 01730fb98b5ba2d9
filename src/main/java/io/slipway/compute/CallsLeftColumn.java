package io.slipway.compute;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** As {@code ListSteps 5/8, …} in one column. */
@Converter
class CallsLeftColumn implements AttributeConverter<List<CallsLeft>, String> {

    @Override
    public String convertToDatabaseColumn(@Nullable List<CallsLeft> all) {
        return all == null
                ? ""
                : all.stream()
                        .map(each -> each.api() + " " + each.left() + "/" + each.most())
                        .collect(Collectors.joining(", "));
    }

    @Override
    public List<CallsLeft> convertToEntityAttribute(@Nullable String column) {
        return column == null || column.isEmpty()
                ? List.of()
                : Stream.of(column.split(", ")).map(CallsLeftColumn::read).toList();
    }

    private static CallsLeft read(String text) {
        String[] parts = text.split("[ /]");
        return new CallsLeft(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
