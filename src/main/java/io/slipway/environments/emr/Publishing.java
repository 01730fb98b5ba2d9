package io.slipway.environments.emr;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.environments.BuildResult;
import io.slipway.environments.CannotBuild;
import io.slipway.environments.EnvironmentsSettings;
import io.slipway.project.ArtifactId;
import io.slipway.project.archive.EnvironmentListing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Makes of what a node has stored what others use. Until then it lies where roles of jobs may write, so nothing of it is believed: it is
 * fetched, looked at, and stored again under the name of its content.
 */
final class Publishing {

    private final ArtifactStore store;
    private final Hold hold;
    private final Path folder;
    private final EnvironmentsSettings settings;

    /** Keeps what is stored under an id from being cleared away before anybody refers to it. */
    interface Hold {
        void of(ArtifactId id, long size);
    }

    /** @param folder for the copy that is looked at */
    Publishing(ArtifactStore store, Hold hold, Path folder, EnvironmentsSettings settings) {
        this.store = store;
        this.hold = hold;
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * @param packed as the node has stored it
     * @return the id
     */
    ArtifactId publish(BuildResult result, InputStream packed) throws IOException, CannotBuild {
        String sha256 = result.sha256();
        if (sha256 == null || !sha256.matches("[0-9a-f]{64}") || result.packed() <= 0) {
            throw new CannotBuild("The build did not say what it has stored.");
        }
        if (result.packed() > settings.maxPacked().toBytes()) {
            throw new CannotBuild(
                    "Packed it has %d MB, more than an environment may have (slipway.environments.max-packed)."
                            .formatted(result.packed() >> 20));
        }
        Files.createDirectories(folder);
        Path copy = Files.createTempFile(folder, "environment-", ".tar.gz");
        try {
            if (!sha256.equals(copy(packed, copy, result.packed()))) {
                throw new CannotBuild(
                        "What the build has stored is not what it said: its SHA-256 or its size is another.");
            }
            EnvironmentListing.fault(copy, settings.maxUnpacked().toBytes()).ifPresent(fault -> {
                throw new Faulty(fault);
            });
            ArtifactId id = new ArtifactId(sha256);
            hold.of(id, result.packed());
            store.put(ArtifactName.environment(id), copy);
            return id;
        } catch (Faulty faulty) {
            throw new CannotBuild("The environment is not published: " + faulty.getMessage());
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static final class Faulty extends RuntimeException {
        Faulty(String message) {
            super(message);
        }
    }

    /** @return its SHA-256; of no more than one byte beyond its size */
    private static String copy(InputStream packed, Path to, long size) throws IOException {
        try (DigestInputStream in = new DigestInputStream(packed, MessageDigest.getInstance("SHA-256"));
                OutputStream out = Files.newOutputStream(to)) {
            byte[] buffer = new byte[1 << 16];
            long left = size + 1;
            for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
                out.write(buffer, 0, (int) Math.min(read, left));
                left -= read;
            }
            return left == 1 ? HexFormat.of().formatHex(in.getMessageDigest().digest()) : "";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
