package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.project.ArtifactId;
import io.slipway.project.InvalidProject;
import io.slipway.project.analysis.SparkFiles.Named;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Under which names the files of a project lie that Spark settings name. */
final class ResourceNames {

    private static final int LONGEST_NAME = 60;

    private ResourceNames() {}

    /**
     * The name tells path and purpose apart, since Spark drops the second of two files of one name; it ends as the file's own does, since
     * YARN unpacks an archive by that.
     */
    static ArtifactName artifact(ArtifactId projectId, Named named) {
        String path = path(named);
        String own = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        String end = own.substring(Math.max(0, own.length() - LONGEST_NAME));
        String purpose = named.resource().name().substring(0, 1).toLowerCase(Locale.ROOT);
        return ArtifactName.piece(projectId, purpose + hash(path) + "_" + end);
    }

    /** A plan with a path that cannot be is shown before it is refused. */
    static String path(Named named) {
        try {
            return named.inProject();
        } catch (InvalidProject outside) {
            return named.path();
        }
    }

    private static String hash(String path) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
