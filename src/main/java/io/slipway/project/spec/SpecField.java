package io.slipway.project.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The fields that callers know, in a request as in {@code slipway.yml}. */
enum SpecField {
    NAME("name", Shape.VALUE),
    CLUSTER("cluster", Shape.VALUE),
    ENTRY_POINT("entryPoint", Shape.VALUE),
    ARGUMENTS("arguments", Shape.LIST),
    SPARK_CONF("sparkConf", Shape.MAP),
    ENVIRONMENT("environment", Shape.MAP),
    LABELS("labels", Shape.MAP),
    TIMEOUT("timeout", Shape.VALUE),
    QUEUE_TIMEOUT("queueTimeout", Shape.VALUE),
    MAX_ATTEMPTS("maxAttempts", Shape.VALUE),
    PRIORITY("priority", Shape.VALUE),
    LAYOUT("layout", Shape.VALUE),
    MODE("mode", Shape.VALUE),
    CONTAINER("container", Shape.MAP),
    PYTHON_PATH("pythonPath", Shape.LIST),
    PYTHON_ENVIRONMENT("pythonEnvironment", Shape.VALUE),
    EXECUTION_ROLE("executionRole", Shape.VALUE),
    FAIL_ON("failOn", Shape.VALUE);

    enum Shape {
        VALUE,
        LIST,
        MAP
    }

    private final String key;
    private final Shape shape;

    SpecField(String key, Shape shape) {
        this.key = key;
        this.shape = shape;
    }

    String key() {
        return key;
    }

    Shape shape() {
        return shape;
    }

    static Optional<SpecField> of(String key) {
        return Arrays.stream(values()).filter(field -> field.key.equals(key)).findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(SpecField::key).toList();
    }
}
