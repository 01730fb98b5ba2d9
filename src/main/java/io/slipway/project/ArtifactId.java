package io.slipway.project;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Names stored bytes by their content: the SHA-256 of a project's canonical manifest, or of a packed environment, in 64 lower-case
 * hexadecimal digits. It is neither the id of a built environment, which is a row, nor the SHA-256 of a single file.
 */
public record ArtifactId(@JsonValue String value) implements Comparable<ArtifactId> {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException for a text that is no SHA-256 in lower-case hex */
    public ArtifactId {
        if (!SHA256.matcher(value).matches()) {
            throw new IllegalArgumentException("not the id of an artifact: " + value);
        }
    }

    @Override
    public int compareTo(ArtifactId other) {
        return value.compareTo(other.value);
    }

    /** The digits alone, as columns, file names and JSON hold them. */
    @Override
    public String toString() {
        return value;
    }
}
