package io.slipway.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * Names what is sent to a cluster once: a run by {@code <job id>-<attempt>}, a cleanup by a key of its own. It is a part of a step's
 * name and the name of a run's folder, so its characters are few.
 */
public record SubmissionKey(@JsonValue String value) implements Comparable<SubmissionKey> {

    private static final int LONGEST = 100;

    /** @throws IllegalArgumentException for what can be no key */
    public SubmissionKey {
        if (!isKey(value)) {
            throw new IllegalArgumentException("not a submission key: " + value);
        }
    }

    /** Empty for a text that can be no key: what others wrote. */
    public static Optional<SubmissionKey> parse(String text) {
        return isKey(text) ? Optional.of(new SubmissionKey(text)) : Optional.empty();
    }

    /** Letters and digits of ASCII, and behind the first of them {@code .}, {@code _} and {@code -}. The loop makes thousands in a second. */
    private static boolean isKey(String text) {
        if (text.isEmpty() || text.length() > LONGEST || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        for (int at = 1; at < text.length(); at++) {
            char each = text.charAt(at);
            if (!isLetterOrDigit(each) && each != '.' && each != '_' && each != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char each) {
        return (each >= 'A' && each <= 'Z') || (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
    }

    @Override
    public int compareTo(SubmissionKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
