package io.slipway.provision.emr;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether two clusters were made alike: over the whole body, without what differs between two orders. */
final class TemplateHash {

    private static final int DIGITS = 16;

    private TemplateHash() {}

    static String of(RunJobFlowBody body) {
        ClusterName anybody = new ClusterName("00000000", body.template().cluster(), "0".repeat(26));
        String text = WireJson.of(body.of(anybody, "", 0)).toString();
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
                    .substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
