package io.slipway.project.requirements;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As much of TOML as lock files are written in: tables, arrays of tables, inline tables, arrays and texts. Numbers and dates stay as they
 * are written.
 */
final class Toml {

    private static final int MAX_DEPTH = 30;
    private static final int END = -1;

    private final String text;
    private int at;
    private int depth;

    private Toml(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException with the line where it cannot be read */
    static Map<String, Object> read(String text) {
        Toml toml = new Toml(text);
        try {
            return toml.document();
        } catch (IllegalStateException | ClassCastException wrong) {
            long line = 1
                    + text.substring(0, Math.min(toml.at, text.length()))
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            throw new IllegalArgumentException("cannot be read as TOML at line " + line, wrong);
        }
    }

    /** The table of this key; an empty one where there is none. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> table(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }

    static List<Map<String, Object>> tables(@Nullable Object value) {
        return value instanceof List<?> list ? list.stream().map(Toml::table).toList() : List.of();
    }

    /** Whether tables may be in it, none included. */
    static boolean isArray(@Nullable Object value) {
        return value instanceof List;
    }

    static String string(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private Map<String, Object> document() {
        Map<String, Object> root = new LinkedHashMap<>();
        Map<String, Object> current = root;
        while (skip(true) != END) {
            if (peek() == '[') {
                current = header(root);
            } else {
                pair(current);
            }
            int next = skip(false);
            if (next != '\n' && next != END) {
                throw new IllegalStateException();
            }
        }
        return root;
    }

    private Map<String, Object> header(Map<String, Object> root) {
        at++;
        boolean array = peek() == '[';
        at += array ? 1 : 0;
        List<String> keys = keys();
        expect(']');
        if (array) {
            expect(']');
        }
        Map<String, Object> parent = walk(root, keys.subList(0, keys.size() - 1));
        String last = keys.get(keys.size() - 1);
        if (!array) {
            return walk(parent, List.of(last));
        }
        List<Object> tables = list(parent.computeIfAbsent(last, key -> new ArrayList<>()));
        Map<String, Object> table = new LinkedHashMap<>();
        tables.add(table);
        return table;
    }

    /** Behind the name of an array of tables its last one is meant. */
    private static Map<String, Object> walk(Map<String, Object> from, List<String> keys) {
        Map<String, Object> table = from;
        for (String key : keys) {
            Object value = table.computeIfAbsent(key, none -> new LinkedHashMap<>());
            if (value instanceof List<?> tables && !tables.isEmpty()) {
                value = tables.get(tables.size() - 1);
            }
            table = cast(value);
        }
        return table;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    private void pair(Map<String, Object> table) {
        List<String> keys = keys();
        expect('=');
        Map<String, Object> parent = walk(table, keys.subList(0, keys.size() - 1));
        if (parent.putIfAbsent(keys.get(keys.size() - 1), value()) != null) {
            throw new IllegalStateException();
        }
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        do {
            at += keys.isEmpty() ? 0 : 1;
            skip(false);
            keys.add(peek() == '"' || peek() == '\'' ? quoted() : bare());
        } while (skip(false) == '.' && keys.size() < MAX_DEPTH);
        return keys;
    }

    private String bare() {
        int from = at;
        while (Character.isLetterOrDigit(peek()) || peek() == '-' || peek() == '_') {
            at++;
        }
        if (at == from) {
            throw new IllegalStateException();
        }
        return text.substring(from, at);
    }

    private Object value() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalStateException();
        }
        int first = skip(false);
        Object value = switch (first) {
            case '"', '\'' -> quoted();
            case '[' -> array();
            case '{' -> inline();
            default -> scalar();
        };
        depth--;
        return value;
    }

    private List<Object> array() {
        List<Object> values = new ArrayList<>();
        at++;
        while (skip(true) != ']') {
            values.add(value());
            if (skip(true) == ',') {
                at++;
            } else if (peek() != ']') {
                throw new IllegalStateException();
            }
        }
        at++;
        return values;
    }

    private Map<String, Object> inline() {
        Map<String, Object> table = new LinkedHashMap<>();
        at++;
        while (skip(true) != '}') {
            pair(table);
            if (skip(true) == ',') {
                at++;
            } else if (peek() != '}') {
                throw new IllegalStateException();
            }
        }
        at++;
        return table;
    }

    private Object scalar() {
        int from = at;
        while (peek() != END && ",]}#\n\r".indexOf(peek()) < 0) {
            at++;
        }
        String written = text.substring(from, at).strip();
        if (written.isEmpty()) {
            throw new IllegalStateException();
        }
        return written.equals("true") || written.equals("false")
                ? (Object) Boolean.valueOf(written)
                : new Scalar(written);
    }

    /** A number or a date. */
    record Scalar(String written) {}

    private String quoted() {
        char quote = (char) peek();
        String three = String.valueOf(quote).repeat(3);
        boolean several = text.startsWith(three, at);
        at += several ? 3 : 1;
        if (several && peek() == '\n') {
            at++;
        }
        StringBuilder value = new StringBuilder();
        while (several ? !text.startsWith(three, at) : peek() != quote) {
            if (peek() == END || !several && peek() == '\n') {
                throw new IllegalStateException();
            }
            char next = text.charAt(at++);
            if (next == '\\' && quote == '"') {
                escaped(value);
            } else {
                value.append(next);
            }
        }
        at += several ? 3 : 1;
        return value.toString();
    }

    private void escaped(StringBuilder value) {
        int code = peek();
        at++;
        switch (code) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case '"', '\\' -> value.append((char) code);
            case 'u', 'U' -> {
                int length = code == 'u' ? 4 : 8;
                if (at + length > text.length()) {
                    throw new IllegalStateException();
                }
                try {
                    value.appendCodePoint(Integer.parseInt(text, at, at + length, 16));
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalStateException(wrong);
                }
                at += length;
            }
            case '\n', ' ' -> skip(true);
            default -> throw new IllegalStateException();
        }
    }

    private void expect(char wanted) {
        if (skip(false) != wanted) {
            throw new IllegalStateException();
        }
        at++;
    }

    /** Over blanks and comments, to the next character. */
    private int skip(boolean lines) {
        while (peek() != END) {
            int next = peek();
            if (next == '#') {
                while (peek() != END && peek() != '\n') {
                    at++;
                }
            } else if (next == ' ' || next == '\t' || next == '\r' || lines && next == '\n') {
                at++;
            } else {
                return next;
            }
        }
        return END;
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : END;
    }
}
