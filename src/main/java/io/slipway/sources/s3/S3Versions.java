package io.slipway.sources.s3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What tells one content of a source in S3 from another, in a form of at most 100 characters. */
final class S3Versions {

    private S3Versions() {}

    /** Of one object. */
    static String of(String eTag, long size) {
        String plain = eTag.replace("\"", "");
        return plain.length() <= 64 ? plain + "/" + size : digest(plain) + "/" + size;
    }

    /** Of all objects under a prefix, as they were listed. */
    static String of(List<ListedObject> objects) {
        MessageDigest sha256 = sha256();
        // A key has no line break: such names are refused.
        objects.forEach(object -> sha256.update(
                (of(object.eTag(), object.size()) + ' ' + object.key() + '\n').getBytes(StandardCharsets.UTF_8)));
        return "listing/" + HexFormat.of().formatHex(sha256.digest());
    }

    private static String digest(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
