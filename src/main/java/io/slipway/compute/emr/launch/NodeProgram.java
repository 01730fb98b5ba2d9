package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A program of ours that runs on the cluster, as it is in this version of the service, under a name that changes with its content. */
public record NodeProgram(
        ArtifactName name,
        @SuppressWarnings("ArrayRecordComponent") byte[] content) {

    /** Starts the project in the driver. */
    public static NodeProgram launcher() {
        return load("launcher");
    }

    /** Shows what the driver prints while it runs. */
    public static NodeProgram live() {
        return load("live");
    }

    /** Starts Spark's Python workers in the project's folder. */
    public static NodeProgram daemon() {
        return load("daemon");
    }

    /** Runs spark-submit on the primary node. */
    static NodeProgram primaryNode() {
        return load("primary_node");
    }

    /** What Python imports it as. */
    public String module() {
        String file = name.fileName();
        return file.substring(0, file.length() - ".py".length());
    }

    private static NodeProgram load(String stem) {
        try (InputStream resource = NodeProgram.class.getResourceAsStream(stem + ".py")) {
            if (resource == null) {
                throw new IllegalStateException(stem + ".py is missing from the jar");
            }
            byte[] content = resource.readAllBytes();
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return new NodeProgram(ArtifactName.program("slipway_" + stem, sha256, "py"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
