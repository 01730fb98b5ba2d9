package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Puts the files of a split project where spark-submit finds them one by one. What was done for a run is remembered: an order that could
 * not be sent in time, because its files were still on their way, goes at once the next time. Another run may come when they are gone.
 */
final class SplitStaging {

    private static final int REMEMBERED = 200;

    private final ArtifactStore store;
    private final Map<String, List<ProjectFile>> listed = remembering();
    private final Map<SubmissionKey, Boolean> staged = remembering();

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

    void stage(SubmissionKey submissionKey, LaunchPlan plan, List<ProjectFile> project) throws IOException {
        if (staged.containsKey(submissionKey)) {
            return;
        }
        SplitProject split = SplitProject.of(plan, project);
        List<SplitProject.Piece> pieces =
                Stream.concat(Stream.of(split.entry()), split.files().stream()).toList();
        onDisk(plan.projectId(), zip -> {
            for (SplitProject.Piece piece : pieces) {
                stage(piece.artifact(plan.projectId()), zip, zip.getEntry(piece.path()));
            }
            return pieces;
        });
        staged.put(submissionKey, true);
    }

    private void stage(ArtifactName name, ZipFile zip, ZipEntry entry) throws IOException {
        if (store.exists(name)) {
            return;
        }
        Path file = Files.createTempFile("slipway-piece-", null);
        try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            store.put(name, file);
        } finally {
            Files.delete(file);
        }
    }

    private <T> T onDisk(String projectId, Use<T> use) throws IOException {
        Path file = Files.createTempFile("slipway-split-", ".zip");
        try {
            try (InputStream bytes = store.open(ArtifactName.project(projectId))) {
                Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return use.of(zip);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static <K, T> Map<K, T> remembering() {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, T> eldest) {
                return size() > REMEMBERED;
            }
        });
    }

    private interface Use<T> {
        T of(ZipFile zip) throws IOException;
    }
}
