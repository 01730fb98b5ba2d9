package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.compute.PythonArchive;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A program of ours that runs on the cluster, as it is in this version of the service, under a name that changes with its content. */
public record NodeProgram(
        ArtifactName name,
        @SuppressWarnings("ArrayRecordComponent") byte[] content) {

    private static final List<String> PARTS_OF_LIVE =
            List.of("__main__", "aws", "channel", "hadoop", "output", "program", "results");

    /** Starts the project in the driver. */
    public static NodeProgram launcher() {
        return load("launcher");
    }

    /** Shows what the driver prints while it runs. */
    public static NodeProgram live() {
        PythonArchive archive = new PythonArchive().withSpark();
        PARTS_OF_LIVE.forEach(part -> archive.with(part + ".py", resource("live/" + part + ".py")));
        return of("live", archive.content(), "zip");
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
        return of(stem, resource(stem + ".py"), "py");
    }

    private static NodeProgram of(String stem, byte[] content, String extension) {
        try {
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return new NodeProgram(ArtifactName.program("slipway_" + stem, sha256, extension), content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] resource(String path) {
        return PythonArchive.resource(NodeProgram.class, path);
    }
}
