package io.slipway.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names a job: a ULID, so ids sort by the time of creation. */
public record JobId(@JsonValue String value) implements Comparable<JobId> {

    private static final int LENGTH = 26;

    /** Of Crockford's base 32. */
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /** @throws IllegalArgumentException for what no job can be named: what a caller wrote goes through {@link #parse} */
    public JobId {
        if (!isId(value)) {
            throw new IllegalArgumentException("not a job's id: " + value);
        }
    }

    /** Empty for a text that is no job's id. */
    public static Optional<JobId> parse(@Nullable String text) {
        return text != null && isId(text) ? Optional.of(new JobId(text)) : Optional.empty();
    }

    /** Without a pattern: each answer asks this several times. */
    private static boolean isId(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int digit = 0; digit < LENGTH; digit++) {
            if (DIGITS.indexOf(text.charAt(digit)) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
