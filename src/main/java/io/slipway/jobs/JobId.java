package io.slipway.jobs;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names a job: a ULID, so ids sort by the time of creation. */
public record JobId(String value) implements Comparable<JobId> {

    private static final Pattern SHAPE = Pattern.compile("[0-9A-HJKMNP-TV-Z]{26}");

    /** @throws IllegalArgumentException for what no job can be named: what a caller wrote goes through {@link #parse} */
    public JobId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a job's id: " + value);
        }
    }

    /** Empty for a text that is no job's id. */
    public static Optional<JobId> parse(@Nullable String text) {
        return text != null && SHAPE.matcher(text).matches() ? Optional.of(new JobId(text)) : Optional.empty();
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
