package io.slipway.environments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The programs that build environments, as they are in this version of the service. */
public final class BuilderCode {

    /** What builds, wherever it is. */
    public static final String ENVIRONMENT = "environment.py";

    private BuilderCode() {}

    /** @param path below this package */
    public static byte[] read(String path) {
        try (InputStream resource = BuilderCode.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException(path + " is missing from the jar");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names a version of a program by its content. */
    public static String version(byte[] content) {
        return sha256(content).substring(0, 16);
    }

    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
