package io.slipway.compute.emr;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Puts the files of a split project where spark-submit finds them one by one. */
final class SplitStaging {

    private final ArtifactStore store;

    SplitStaging(ArtifactStore store) {
        this.store = store;
    }

    /** Sorted by path, as the inspection listed them: their numbers are part of the names of their artifacts. */
    List<ProjectFile> files(String projectId) throws IOException {
        return onDisk(
                projectId,
                zip -> zip.stream()
                        .filter(entry -> !entry.isDirectory())
                        .map(entry -> new ProjectFile(entry.getName(), entry.getSize(), "", false))
                        .sorted(Comparator.comparing(ProjectFile::path))
                        .toList());
    }

    void stage(LaunchPlan plan, List<ProjectFile> project) throws IOException {
        SplitProject split = SplitProject.of(plan, project);
        List<SplitProject.Piece> pieces =
                Stream.concat(Stream.of(split.entry()), split.files().stream()).toList();
        onDisk(plan.projectId(), zip -> {
            for (SplitProject.Piece piece : pieces) {
                stage(piece.artifact(plan.projectId()), zip, zip.getEntry(piece.path()));
            }
            return pieces;
        });
    }

    private void stage(ArtifactName name, ZipFile zip, ZipEntry entry) throws IOException {
        if (store.exists(name)) {
            return;
        }
        Path file = Files.createTempFile("slipway-piece-", null);
        try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            store.put(name, file);
        } finally {
            Files.delete(file);
        }
    }

    private <T> T onDisk(String projectId, Use<T> use) throws IOException {
        Path file = Files.createTempFile("slipway-split-", ".zip");
        try {
            try (InputStream bytes = store.open(ArtifactName.project(projectId))) {
                Files.copy(bytes, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return use.of(zip);
            }
        } finally {
            Files.delete(file);
        }
    }

    private interface Use<T> {
        T of(ZipFile zip) throws IOException;
    }
}
