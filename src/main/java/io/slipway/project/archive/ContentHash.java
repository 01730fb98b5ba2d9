package io.slipway.project.archive;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Size, CRC-32 and SHA-256 of a stream of bytes, counted as they pass. */
final class ContentHash {

    private final MessageDigest sha256 = sha256();
    private final CRC32 crc = new CRC32();
    private long size;

    void update(byte[] buffer, int length) {
        sha256.update(buffer, 0, length);
        crc.update(buffer, 0, length);
        size += length;
    }

    long size() {
        return size;
    }

    long crc() {
        return crc.getValue();
    }

    /** Ends the counting. */
    String digest() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
