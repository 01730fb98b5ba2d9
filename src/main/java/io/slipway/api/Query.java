package io.slipway.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of an address behind its question mark. */
final class Query {

    private Query() {}

    /** What is wrong with it, or nothing. */
    static @Nullable String fault(@Nullable String query) {
        if (query == null) {
            return null;
        }
        try {
            return decoded(query).indexOf('\0') >= 0 ? "The query has a character that no text has: %00." : null;
        } catch (NumberFormatException | StringIndexOutOfBoundsException noHex) {
            return "The query has a % that no two hexadecimal digits follow. Write a percent sign as %25.";
        } catch (CharacterCodingException notUtf8) {
            return "The query is not UTF-8.";
        }
    }

    /** @param query without a fault */
    static Map<String, String[]> parameters(@Nullable String query) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            try {
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                all.computeIfAbsent(decoded(name), none -> new ArrayList<>()).add(value);
            } catch (CharacterCodingException | RuntimeException unreadable) {
                // The request is refused for it.
            }
        }
        Map<String, String[]> parameters = new LinkedHashMap<>();
        all.forEach((name, values) -> parameters.put(name, values.toArray(String[]::new)));
        return Collections.unmodifiableMap(parameters);
    }

    private static String decoded(String text) throws CharacterCodingException {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
        for (int at = 0; at < text.length(); at++) {
            char each = text.charAt(at);
            if (each == '%') {
                bytes.put((byte) (hex(text.charAt(at + 1)) << 4 | hex(text.charAt(at + 2))));
                at += 2;
            } else {
                bytes.put(String.valueOf(each == '+' ? ' ' : each).getBytes(StandardCharsets.UTF_8));
            }
        }
        return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    }

    private static int hex(char digit) {
        int value = Character.digit(digit, 16);
        if (value < 0 || digit > 'f') {
            throw new NumberFormatException();
        }
        return value;
    }
}
