package io.slipway.project.spec;

import io.slipway.project.Closest;
import io.slipway.project.Printable;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What to say about a name that is no field: most were mistyped. */
final class UnknownField {

    private UnknownField() {}

    static String inContainer() {
        return "is not a field of container; the only one is "
                + Arrays.stream(WrittenSpec.Container.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .collect(Collectors.joining(", "));
    }

    static String atTheTop(String name) {
        return Closest.to(name, SpecField.keys())
                .map(field -> "is not a field. Did you mean " + Printable.quoted(field) + "?")
                .orElseGet(() -> "is not a field. Fields are " + String.join(", ", SpecField.keys()) + ".");
    }
}
