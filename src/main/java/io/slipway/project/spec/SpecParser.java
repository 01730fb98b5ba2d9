package io.slipway.project.spec;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryNames;
import java.io.Reader;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * JSON or YAML as a tree of objects, arrays and texts. Scalars stay as they were written, so that {@code 1.10} is no number that loses its zero;
 * what a repeated key or an alias means is not guessed but refused.
 */
final class SpecParser {

    static final int MAX_YAML_BYTES = 64 * 1024;

    /** Room for the longest arguments, environment and Spark properties together. */
    static final int MAX_JSON_CHARACTERS = 512 * 1024;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 10;
    private static final TokenStreamFactory JSON = new JsonFactory();
    private static final TokenStreamFactory YAML = new YAMLFactory();

    private final String source;
    private final JsonParser parser;

    private SpecParser(String source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    static ObjectNode json(String source, String text) {
        checkSize(source, text.length(), MAX_JSON_CHARACTERS);
        return read(source, JSON, new StringReader(withoutMark(text)));
    }

    static ObjectNode yaml(String source, byte[] bytes) {
        checkSize(source, bytes.length, MAX_YAML_BYTES);
        String text = EntryNames.utf8(bytes).orElseThrow(() -> invalid(source + " is not UTF-8 text."));
        if (text.chars().anyMatch(character -> character == 0)) {
            throw invalid(source + " holds a NUL character.");
        }
        return read(source, YAML, new StringReader(withoutMark(text)));
    }

    private static ObjectNode read(String source, TokenStreamFactory factory, Reader text) {
        try (JsonParser parser = factory.createParser(text)) {
            return new SpecParser(source, parser).root();
        } catch (JacksonException e) {
            throw invalid("%s cannot be read%s: %s."
                    .formatted(source, position(e.getLocation()), firstLine(e.getOriginalMessage())));
        } catch (StackOverflowError e) {
            throw invalid(source + " is nested too deep.");
        }
    }

    private ObjectNode root() {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL || isEmptyText(first)) {
            return NODES.objectNode();
        }
        if (first != JsonToken.START_OBJECT) {
            throw invalid(source + " must be a map of fields, such as name and arguments.");
        }
        ObjectNode root = map(1);
        if (parser.nextToken() != null) {
            throw invalid("%s goes on after its end%s.".formatted(source, position()));
        }
        return root;
    }

    private boolean isEmptyText(JsonToken token) {
        return token == JsonToken.VALUE_STRING && parser.getString().isBlank();
    }

    private ObjectNode map(int depth) {
        refuseAnchors();
        ObjectNode map = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (map.has(key)) {
                throw invalid("%s has %s twice%s.".formatted(source, Printable.quoted(key), position()));
            }
            parser.nextToken();
            map.set(key, value(depth));
        }
        return map;
    }

    private ArrayNode list(int depth) {
        refuseAnchors();
        ArrayNode list = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(depth));
        }
        return list;
    }

    private JsonNode value(int depth) {
        if (depth >= MAX_DEPTH) {
            throw invalid(source + " is nested too deep.");
        }
        refuseAnchors();
        return switch (parser.currentToken()) {
            case START_OBJECT -> map(depth + 1);
            case START_ARRAY -> list(depth + 1);
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.stringNode(parser.getString());
        };
    }

    private void refuseAnchors() {
        boolean alias = parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
        if (alias || parser.getObjectId() != null) {
            throw invalid("%s uses a YAML anchor or alias%s; write the value out.".formatted(source, position()));
        }
    }

    private String position() {
        return position(parser.currentTokenLocation());
    }

    private static String position(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static String firstLine(@Nullable String message) {
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return Printable.of(line);
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static void checkSize(String source, int length, int longest) {
        if (length > longest) {
            throw invalid("%s is larger than %,d bytes.".formatted(source, longest));
        }
    }

    private static InvalidProject invalid(String message) {
        return new InvalidProject(Problem.INVALID_SPEC, message);
    }
}
