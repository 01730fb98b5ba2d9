package io.slipway.compute.emr;

import io.slipway.artifacts.ArtifactName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** {@code launcher.py} as it is in this version of the service, under a name that changes with its content. */
record Launcher(
        ArtifactName name,
        @SuppressWarnings("ArrayRecordComponent") byte[] content) {

    static Launcher load() {
        try (InputStream resource = Launcher.class.getResourceAsStream("launcher.py")) {
            if (resource == null) {
                throw new IllegalStateException("launcher.py is missing from the jar");
            }
            byte[] content = resource.readAllBytes();
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return new Launcher(ArtifactName.program("slipway_launcher", sha256, "py"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
