package io.slipway.project.spec;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A length of time as people write it: {@code 2h}, {@code 1h30m}, {@code 90s}, {@code 1d}, or as ISO-8601 has it. */
final class SpecDuration extends StdDeserializer<Duration> {

    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,9})D)?(?:(\\d{1,9})H)?(?:(\\d{1,9})M)?(?:(\\d{1,9})S)?");

    SpecDuration() {
        super(Duration.class);
    }

    @Override
    public @Nullable Duration deserialize(JsonParser parser, DeserializationContext context) {
        String written = parser.getString();
        try {
            return parse(written);
        } catch (DateTimeParseException | ArithmeticException e) {
            return (Duration) context.handleWeirdStringValue(Duration.class, written, "no duration");
        }
    }

    static Duration parse(String written) {
        String text = written.strip().toUpperCase(Locale.ROOT);
        Matcher parts = SHORT.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return Duration.parse(text);
        }
        return Duration.ofDays(number(parts, 1))
                .plusHours(number(parts, 2))
                .plusMinutes(number(parts, 3))
                .plusSeconds(number(parts, 4));
    }

    private static long number(Matcher parts, int group) {
        String digits = parts.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
