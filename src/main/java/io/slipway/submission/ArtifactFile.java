package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ArtifactName;
import io.slipway.project.ArtifactId;
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
 * @param pieces what of a project is needed beside it; {@code null} where nothing is
 */
record ArtifactFile(
        Artifact.Kind kind,
        ArtifactId id,
        long size,
        @Nullable Path file,
        @Nullable Pieces pieces) {

    /** Without pieces. */
    ArtifactFile(Artifact.Kind kind, ArtifactId id, long size, @Nullable Path file) {
        this(kind, id, size, file, null);
    }

    static ArtifactFile of(ProjectArchive project) {
        return new ArtifactFile(Artifact.Kind.PROJECT, project.id(), project.size(), project.file());
    }

    ArtifactFile with(Pieces beside) {
        return new ArtifactFile(kind, id, size, file, beside.isEmpty() ? null : beside);
    }

    /** @param file as it was sent; {@code null} when its id was sent instead */
    static ArtifactFile environment(ArtifactId id, @Nullable Path file) throws IOException {
        return new ArtifactFile(Artifact.Kind.ENVIRONMENT, id, file == null ? 0 : Files.size(file), file);
    }

    ArtifactName name() {
        return kind.nameOf(id);
    }

    Artifact artifact(Instant now) {
        return Artifact.of(kind, id, size, now);
    }
}
