package io.slipway.jobs;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names what is sent to a cluster once: a run by {@code <job id>-<attempt>}, a cleanup by a key of its own. It is a part of a step's
 * name and the name of a run's folder, so its characters are few.
 */
public record SubmissionKey(String value) implements Comparable<SubmissionKey> {

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** @throws IllegalArgumentException for what can be no key */
    public SubmissionKey {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a submission key: " + value);
        }
    }

    /** Empty for a text that can be no key: what others wrote. */
    public static Optional<SubmissionKey> parse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new SubmissionKey(text)) : Optional.empty();
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
