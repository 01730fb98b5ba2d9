package io.slipway.project.spec;

import io.slipway.project.Closest;
import io.slipway.project.Printable;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What to say about a name that is no field: most are mistyped, or what another tool calls it. */
final class UnknownField {

    private UnknownField() {}

    static String inContainer() {
        return "is not a field of container; the only one is " + fields(WrittenSpec.Container.class);
    }

    static String inPython() {
        return "is not a field of python; there are " + fields(WrittenSpec.Python.class);
    }

    private static String fields(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.joining(", "));
    }

    static String atTheTop(String name) {
        return OtherNames.nameHere(name)
                .or(() -> Closest.to(name, SpecField.keys())
                        .map(field -> "is not a field. Did you mean " + Printable.quoted(field) + "?"))
                .orElseGet(() -> "is not a field. Fields are " + String.join(", ", SpecField.keys()) + ".");
    }
}
