package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.InvalidProject;
import io.slipway.project.analysis.SparkFiles.Named;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Puts files of a project that Spark settings name where spark-submit finds them. What is there already is not brought again. */
final class ResourceStaging {

    private static final int LONGEST_NAME = 60;

    private final ArtifactStore store;

    ResourceStaging(ArtifactStore store) {
        this.store = store;
    }

    /**
     * The name tells path and purpose apart, since Spark drops the second of two files of one name; it ends as the file's own does, since
     * YARN unpacks an archive by that.
     */
    static ArtifactName artifact(String projectId, Named named) {
        String path = path(named);
        String own = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        String end = own.substring(Math.max(0, own.length() - LONGEST_NAME));
        String purpose = named.resource().name().substring(0, 1).toLowerCase(Locale.ROOT);
        return ArtifactName.piece(projectId, purpose + hash(path) + "_" + end);
    }

    /** A plan with a path that cannot be is shown before it is refused. */
    private static String path(Named named) {
        try {
            return named.inProject();
        } catch (InvalidProject outside) {
            return named.path();
        }
    }

    /** @throws NoSuchFileException when the project, or one of the files, is not there */
    void stage(String projectId, List<Named> files) throws IOException {
        List<Named> missing = new ArrayList<>();
        for (Named named : files) {
            if (!store.exists(artifact(projectId, named))) {
                missing.add(named);
            }
        }
        if (!missing.isEmpty()) {
            bring(projectId, missing);
        }
    }

    private void bring(String projectId, List<Named> files) throws IOException {
        Path project = Files.createTempFile("slipway-resources-", ".zip");
        try {
            try (InputStream bytes = store.open(ArtifactName.project(projectId))) {
                Files.copy(bytes, project, StandardCopyOption.REPLACE_EXISTING);
            }
            try (ZipFile zip = new ZipFile(project.toFile())) {
                for (Named named : files) {
                    bring(artifact(projectId, named), zip, path(named));
                }
            }
        } finally {
            Files.delete(project);
        }
    }

    private void bring(ArtifactName name, ZipFile zip, String path) throws IOException {
        ZipEntry entry = zip.getEntry(path);
        if (entry == null) {
            throw new NoSuchFileException(path);
        }
        Path file = Files.createTempFile("slipway-resource-", null);
        try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            store.put(name, file);
        } finally {
            Files.delete(file);
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
