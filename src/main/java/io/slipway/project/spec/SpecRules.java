package io.slipway.project.spec;

import io.slipway.project.Printable;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What single values may be. Each rule answers with what is wrong; values of the environment are never quoted, they are secrets. */
final class SpecRules {

    static final int MAX_ATTEMPTS = 10;
    static final int MAX_PRIORITY = 10;
    static final Duration LONGEST = Duration.ofDays(30);
    static final int MAX_NAME = 200;
    static final int MAX_ARGUMENTS = 1000;
    static final int MAX_ARGUMENT_CHARACTERS = 100 * 1024;
    static final int MAX_PLACES = 100;
    static final int MAX_LABELS = 50;
    static final int MAX_LABEL_VALUE = 500;
    static final int MAX_MAP_ENTRIES = 500;
    static final int MAX_MAP_CHARACTERS = 100 * 1024;

    private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9._/-]{1,100}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern CONF_KEY = Pattern.compile("[^\\s=]+");

    private SpecRules() {}

    static Optional<String> text(String value) {
        if (value.indexOf('\0') >= 0) {
            return Optional.of("holds a NUL character");
        }
        boolean loneSurrogate = value.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
        return problem(loneSurrogate, "holds half a Unicode character");
    }

    static Optional<String> name(String value) {
        boolean good = !value.isBlank()
                && value.codePointCount(0, value.length()) <= MAX_NAME
                && value.codePoints().allMatch(Printable::isVisible);
        return problem(!good, "must have 1 to %d printable characters".formatted(MAX_NAME));
    }

    static Optional<String> variableName(String key) {
        return problem(
                !VARIABLE.matcher(key).matches(),
                "is no name of a variable: letters, digits and '_', not beginning with a digit");
    }

    static Optional<String> confKey(String key) {
        return problem(!CONF_KEY.matcher(key).matches(), "is no Spark property: no spaces and no '='");
    }

    static Optional<String> label(String key, String value) {
        if (!LABEL_KEY.matcher(key).matches()) {
            return Optional.of("is no label: 1 to 100 letters, digits and . _ / -");
        }
        return problem(value.length() > MAX_LABEL_VALUE, "is longer than %d characters".formatted(MAX_LABEL_VALUE));
    }

    /** Empty when it is none, or not between a moment and {@link #LONGEST}. */
    static Optional<Duration> duration(String value) {
        try {
            Duration duration = Duration.parse(value.strip().toUpperCase(Locale.ROOT));
            boolean good = duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(LONGEST) <= 0;
            return good ? Optional.of(duration) : Optional.empty();
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    static Optional<Integer> wholeNumber(String value, int least, int most) {
        try {
            int number = Integer.parseInt(value.strip());
            return number >= least && number <= most ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> problem(boolean wrong, String what) {
        return wrong ? Optional.of(what) : Optional.empty();
    }
}
