package io.slipway.project.spec;

import io.slipway.project.Printable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;

/** Notes what Jackson cannot read and goes on without it, so that all mistakes are told at once. */
final class SpecProblems extends DeserializationProblemHandler {

    private final SpecErrors errors;

    SpecProblems(SpecErrors errors) {
        this.errors = errors;
    }

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context,
            JsonParser parser,
            @Nullable ValueDeserializer<?> deserializer,
            Object typeOrInstance,
            String name) {
        if (isOf(WrittenSpec.Container.class, typeOrInstance)) {
            errors.add(SpecField.CONTAINER.key() + "." + name, UnknownField.inContainer());
        } else if (isOf(WrittenSpec.Python.class, typeOrInstance)) {
            errors.add(SpecField.PYTHON.key() + "." + name, UnknownField.inPython());
        } else {
            errors.add(name, UnknownField.atTheTop(name));
        }
        parser.skipChildren();
        return true;
    }

    private static boolean isOf(Class<?> type, Object typeOrInstance) {
        return typeOrInstance == type || type.isInstance(typeOrInstance);
    }

    @Override
    public @Nullable Object handleWeirdStringValue(
            DeserializationContext context, Class<?> type, String value, String why) {
        String at = at(context.getParser().streamReadContext());
        String wrong = SpecField.find(at).map(SpecField::complaint).orElse("cannot be read");
        errors.add(at, Printable.quoted(value) + " " + wrong);
        return null;
    }

    @Override
    public @Nullable Object handleInstantiationProblem(
            DeserializationContext context, Class<?> type, @Nullable Object argument, Throwable problem) {
        Throwable cause = problem.getCause() == null ? problem : problem.getCause();
        errors.add(
                at(context.getParser().streamReadContext()),
                "must be the path of a folder or wheel in the project: " + cause.getMessage());
        return null;
    }

    /** The path of the text that is being read. */
    private static String at(TokenStreamContext context) {
        return context.inArray()
                ? at(context.getParent()) + "[" + context.getCurrentIndex() + "]"
                : String.valueOf(context.currentName());
    }
}
