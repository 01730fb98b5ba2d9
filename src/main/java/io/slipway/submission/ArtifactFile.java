package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ArtifactName;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that a job needs, and where its bytes come from.
 *
 * @param file {@code null} for one that was stored before and did not come again
 */
record ArtifactFile(
        Artifact.Kind kind, String id, long size, @Nullable Path file) {

    static ArtifactFile of(ProjectArchive project) {
        return new ArtifactFile(Artifact.Kind.PROJECT, project.id(), project.size(), project.file());
    }

    /** @param file as it was sent; {@code null} when its id was sent instead */
    static ArtifactFile environment(String id, @Nullable Path file) throws IOException {
        return new ArtifactFile(Artifact.Kind.ENVIRONMENT, id, file == null ? 0 : Files.size(file), file);
    }

    ArtifactName name() {
        return kind.nameOf(id);
    }

    Artifact artifact(Instant now) {
        return Artifact.of(kind, id, size, now);
    }
}
