package io.slipway.submission;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ProjectListing;
import io.slipway.compute.ProjectPiece;
import io.slipway.project.ArtifactId;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.springframework.util.unit.DataSize;

/**
 * Files of a project that its run reads from beside the project, and the list of all its files, by which they are named later. They go
 * when the project goes.
 */
record Pieces(List<ProjectPiece> all, List<ProjectFile> project) {

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** What is against them when they are too much; nothing is known to be missing yet. */
    Optional<Detail> objection(DataSize most) {
        Map<String, Long> sizes = new HashMap<>();
        all.forEach(piece -> sizes.put(piece.path(), 0L));
        if (!sizes.isEmpty()) {
            project.forEach(file -> sizes.computeIfPresent(file.path(), (path, none) -> file.size()));
        }
        long together = all.stream()
                .mapToLong(piece -> sizes.getOrDefault(piece.path(), 0L))
                .sum();
        return together <= most.toBytes()
                ? Optional.empty()
                : Optional.of(new Detail(all.get(all.size() - 1).field(), tooMuch(together, most)));
    }

    private static String tooMuch(long together, DataSize most) {
        return ("The files of the project that are to be brought to the cluster one by one have %,d bytes together,"
                        + " and %,d are allowed (slipway.submission.max-staged-files). Leave some out: the project itself comes in"
                        + " any case; or put them into S3 and name them by s3:// URIs.")
                .formatted(together, most.toBytes());
    }

    /**
     * Puts those in place that are not there. It may be repeated.
     *
     * @param zip the normalised project; beside it there is room for the largest of them
     */
    void putBeside(Path zip, ArtifactId projectId, ArtifactStore store) throws IOException {
        try (ZipFile files = new ZipFile(zip.toFile())) {
            for (ProjectPiece piece : all) {
                put(piece.name(), files, piece.path(), zip.resolveSibling("piece"), store);
            }
        }
        ArtifactName listing = ProjectListing.name(projectId);
        if (!store.exists(listing)) {
            store.put(listing, ProjectListing.of(project));
        }
    }

    private static void put(ArtifactName name, ZipFile zip, String path, Path room, ArtifactStore store)
            throws IOException {
        if (store.exists(name)) {
            return;
        }
        ZipEntry entry = zip.getEntry(path);
        if (entry == null) {
            throw new NoSuchFileException(path);
        }
        try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, room, StandardCopyOption.REPLACE_EXISTING);
            store.put(name, room);
        } finally {
            Files.deleteIfExists(room);
        }
    }
}
