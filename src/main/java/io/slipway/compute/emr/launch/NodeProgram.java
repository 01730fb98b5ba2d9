package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A program of ours that runs on the cluster, as it is in this version of the service, under a name that changes with its content. */
public record NodeProgram(
        ArtifactName name,
        @SuppressWarnings("ArrayRecordComponent") byte[] content) {

    static final List<String> PARTS_OF_LIVE =
            List.of("__main__", "aws", "channel", "gateway", "hadoop", "output", "program", "results");

    /** Starts the project in the driver. */
    public static NodeProgram launcher() {
        return load("launcher");
    }

    /** Shows what the driver prints while it runs. Python starts an archive with a {@code __main__.py} as it starts a file. */
    public static NodeProgram live() {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            for (String part : PARTS_OF_LIVE) {
                ZipEntry entry = new ZipEntry(part + ".py");
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0)); // for one name of one content
                zip.putNextEntry(entry);
                zip.write(resource("live/" + part + ".py"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of("live", archive.toByteArray(), "zip");
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
        try (InputStream resource = NodeProgram.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException(path + " is missing from the jar");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
