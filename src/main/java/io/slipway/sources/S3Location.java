package io.slipway.sources;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object in S3, or all objects under a prefix.
 *
 * @param key as S3 has it, without escapes; one that is empty or ends with a slash is a prefix
 */
public record S3Location(String bucket, String key) {

    private static final String SCHEME = "s3://";

    /** S3's own limit, in bytes of UTF-8; characters are never more. */
    private static final int LONGEST_KEY = 1024;

    private static final Pattern URI =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", Pattern.DOTALL);

    public static boolean isOne(String uri) {
        return uri.startsWith(SCHEME);
    }

    /** @throws SourceFailure when it is not {@code s3://bucket/key} with a key of plain segments */
    public static S3Location of(String uri) {
        Matcher parts = URI.matcher(uri);
        if (!parts.matches()) {
            throw invalid(
                    "A source in S3 is written s3://bucket/key.zip (or .tar.gz, .py) or s3://bucket/prefix/, without"
                            + " user and password. The bucket's name has 3 to 63 lower-case letters, digits, dots and"
                            + " dashes.");
        }
        String key = parts.group(2) == null ? "" : parts.group(2);
        if (key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw invalid("A key in S3 has at most 1,024 bytes and no control characters.");
        }
        String segments = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        if (!key.isEmpty() && Arrays.stream(segments.split("/", -1)).anyMatch(S3Location::isNoName)) {
            throw invalid("The key of a source in S3 has no empty segments, no '.' and no '..'.");
        }
        return new S3Location(parts.group(1), key);
    }

    public boolean isPrefix() {
        return key.isEmpty() || key.endsWith("/");
    }

    /** Whether the other one is this, or lies under it by whole segments. */
    public boolean covers(S3Location other) {
        String folder = isPrefix() ? key : key + "/";
        return bucket.equals(other.bucket) && (other.key.equals(key) || other.key.startsWith(folder));
    }

    /** Whether a segment of a key is no name of a file or folder. */
    public static boolean isNoName(String segment) {
        return segment.isEmpty() || segment.equals(".") || segment.equals("..");
    }

    private static SourceFailure invalid(String message) {
        return new SourceFailure(SourceFailure.Kind.INVALID, message);
    }

    @Override
    public String toString() {
        return SCHEME + bucket + "/" + key;
    }
}
