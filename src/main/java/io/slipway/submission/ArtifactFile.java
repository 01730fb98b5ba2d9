package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ArtifactName;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that a job needs, and where its bytes come from.
 *
 * @param bytes {@code null} for one that was stored before and did not come again
 * @param pieces what of a project is needed beside it; {@code null} where nothing is
 */
record ArtifactFile(
        Artifact.Kind kind,
        ArtifactId id,
        long size,
        @Nullable HeldBytes bytes,
        @Nullable Pieces pieces) {

    /** Without pieces. */
    ArtifactFile(Artifact.Kind kind, ArtifactId id, long size, @Nullable HeldBytes bytes) {
        this(kind, id, size, bytes, null);
    }

    static ArtifactFile of(ProjectArchive project) {
        return new ArtifactFile(Artifact.Kind.PROJECT, project.id(), project.size(), project.bytes());
    }

    ArtifactFile with(Pieces beside) {
        return new ArtifactFile(kind, id, size, bytes, beside.isEmpty() ? null : beside);
    }

    /** @param bytes as it was sent; {@code null} when its id was sent instead */
    static ArtifactFile environment(ArtifactId id, @Nullable HeldBytes bytes) throws IOException {
        return new ArtifactFile(Artifact.Kind.ENVIRONMENT, id, bytes == null ? 0 : bytes.size(), bytes);
    }

    ArtifactName name() {
        return kind.nameOf(id);
    }

    Artifact artifact(Instant now) {
        return Artifact.of(kind, id, size, now);
    }
}
