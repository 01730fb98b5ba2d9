package io.slipway.project.spec;

import io.slipway.project.Printable;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.Comparator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/** Makes the record of a tree and checks it. Mistakes are noted; a value that is one is {@code null} in the record. */
final class SpecBinder {

    static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addDeserializer(Duration.class, new SpecDuration()))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .build();

    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            // No expressions: a message may come near to what callers wrote.
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private final ObjectNode tree;
    private final SpecErrors errors;

    SpecBinder(ObjectNode tree, SpecErrors errors) {
        this.tree = tree;
        this.errors = errors;
    }

    WrittenSpec bind() {
        return JSON.readerFor(WrittenSpec.class)
                .withHandler(new SpecProblems(errors))
                .readValue(tree);
    }

    /** @param groups none for the rules that hold for each source by itself */
    void check(WrittenSpec spec, Class<?>... groups) {
        VALIDATOR.validate(spec, groups).stream()
                .sorted(Comparator.comparing(wrong -> at(wrong.getPropertyPath())))
                .forEach(wrong -> errors.add(at(wrong.getPropertyPath()), message(wrong)));
    }

    private String message(ConstraintViolation<WrittenSpec> wrong) {
        Object value = wrong.getInvalidValue();
        return value instanceof Number || value instanceof Duration
                ? Printable.quoted(tree.path(at(wrong.getPropertyPath())).asString()) + " " + wrong.getMessage()
                : wrong.getMessage();
    }

    private static String at(Path path) {
        StringBuilder at = new StringBuilder();
        for (Path.Node node : path) {
            if (node.getKey() != null) {
                at.append('.').append(node.getKey());
            } else if (node.getIndex() != null) {
                at.append('[').append(node.getIndex()).append(']');
            }
            // Elements of a list or map have no name but one in angle brackets.
            if (node.getName() != null && !node.getName().startsWith("<")) {
                at.append(at.isEmpty() ? "" : ".").append(node.getName());
            }
        }
        return at.toString();
    }
}
