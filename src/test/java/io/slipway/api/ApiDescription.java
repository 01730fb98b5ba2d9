package io.slipway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The OpenAPI document that is kept in the repository, and what it says of an answer. */
final class ApiDescription {

    static final Path FILE = Path.of("docs", "openapi.json");

    /** Holds an answer against the document that the repository has; {@code ApiDescriptionTest} holds that against the service. */
    static final ApiDescription KEPT = new ApiDescription(read(FILE));

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final String ID = "urn:slipway:api";

    private final JsonNode api;
    private final JsonSchemaFactory factory;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** @param pointer of the operation in the document */
    record Operation(String method, Pattern path, String pointer, JsonNode description) {

        boolean isAt(String askedMethod, String askedPath) {
            return method.equals(askedMethod) && path.matcher(askedPath).matches();
        }
    }

    ApiDescription(JsonNode api) {
        this.api = api;
        this.factory = JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ID, api.toString()))));
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    Pattern pattern = Pattern.compile(path.getKey().replaceAll("\\{[^}]+}", "[^/]+"));
                    String pointer =
                            "/paths/" + path.getKey().replace("~", "~0").replace("/", "~1") + "/" + operation.getKey();
                    operations.add(new Operation(
                            operation.getKey().toUpperCase(java.util.Locale.ROOT),
                            pattern,
                            pointer,
                            operation.getValue()));
                }));
    }

    static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the repository keeps it: sorted, and without what differs from service to service. */
    static String kept(String document) throws IOException {
        ObjectNode api = (ObjectNode) new ObjectMapper().readTree(document);
        api.remove("servers");
        return JSON.writeValueAsString(JSON.treeToValue(api, Object.class)) + "\n";
    }

    JsonNode api() {
        return api;
    }

    List<Operation> operations() {
        return operations;
    }

    Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(each -> each.isAt("HEAD".equals(method) ? "GET" : method, path))
                .findFirst();
    }

    /** What an answer has that the document does not allow. */
    List<String> contradictions(Operation operation, int status, String type, byte[] body) {
        JsonNode response = operation.description().path("responses").path(Integer.toString(status));
        if (response.isMissingNode()) {
            return List.of("status " + status + " is not described: "
                    + new String(body, java.nio.charset.StandardCharsets.UTF_8));
        }
        JsonNode content = response.path("content");
        if (body.length == 0 || content.isMissingNode()) {
            return body.length == 0 ? List.of() : List.of("status " + status + " has a body, which is not described");
        }
        String plain = type == null ? "" : type.split(";", 2)[0];
        if (!content.has(plain)) {
            return List.of("type " + type + " is not described for status " + status);
        }
        if (!plain.endsWith("json")) {
            return List.of();
        }
        String pointer =
                operation.pointer() + "/responses/" + status + "/content/" + plain.replace("/", "~1") + "/schema";
        return contradictions(pointer, body);
    }

    List<String> contradictions(String pointer, byte[] body) {
        try {
            return contradictions(pointer, new ObjectMapper().readTree(body));
        } catch (IOException noJson) {
            return List.of("the body is no JSON: " + noJson.getMessage());
        }
    }

    List<String> contradictions(String pointer, JsonNode body) {
        return schemas.computeIfAbsent(pointer, this::schema).validate(body).stream()
                .map(ValidationMessage::toString)
                .toList();
    }

    private JsonSchema schema(String pointer) {
        return factory.getSchema(
                SchemaLocation.of(ID + "#" + pointer),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    }
}
