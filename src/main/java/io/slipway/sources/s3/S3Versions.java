package io.slipway.sources.s3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What tells one content of a source in S3 from another, in a form of at most 100 characters. */
final class S3Versions {

    private S3Versions() {}

    /** Of one object. */
    static String of(String eTag, long size) {
        String plain = eTag.replace("\"", "");
        return plain.length() <= 64 ? plain + "/" + size : digest(plain) + "/" + size;
    }

    /** Of all objects under a prefix, as they were listed. */
    static String of(List<S3Object> objects) {
        StringBuilder lines = new StringBuilder();
        // A key has no line break: such names are refused.
        objects.forEach(object -> lines.append(of(object.eTag(), object.size()))
                .append(' ')
                .append(object.key())
                .append('\n'));
        return "listing/" + digest(lines.toString());
    }

    private static String digest(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
