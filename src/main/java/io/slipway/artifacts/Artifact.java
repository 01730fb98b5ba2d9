package io.slipway.artifacts;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record that the bytes of a project, or of an environment, are, or are about to be, in the store; jobs refer to it. A mark says since when nobody seems to
 * need them: only retention sets it, and it deletes a marked one after a grace period, when it has looked at the jobs again.
 */
@Entity
public class Artifact {

    @Id
    private String id;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    private long sizeBytes;
    private Instant createdAt;
    private @Nullable Instant markedAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected Artifact() {}

    /** What it is. */
    public enum Kind {
        /** Named by the SHA-256 of its canonical manifest. */
        PROJECT {
            @Override
            public ArtifactName nameOf(String id) {
                return ArtifactName.project(id);
            }
        },
        /** A packed Python environment, named by the SHA-256 of its bytes. */
        ENVIRONMENT {
            @Override
            public ArtifactName nameOf(String id) {
                return ArtifactName.environment(id);
            }
        };

        public abstract ArtifactName nameOf(String id);
    }

    private Artifact(Kind kind, String id, long sizeBytes, Instant now) {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("an artifact of " + sizeBytes + " bytes");
        }
        this.kind = kind;
        this.id = id;
        this.sizeBytes = sizeBytes;
        this.createdAt = now;
    }

    /** @param projectId SHA-256 of the project's canonical manifest, in lower-case hex */
    public static Artifact of(String projectId, long sizeBytes, Instant now) {
        return of(Kind.PROJECT, projectId, sizeBytes, now);
    }

    public static Artifact of(Kind kind, String id, long sizeBytes, Instant now) {
        return new Artifact(kind, id, sizeBytes, now);
    }

    /** Somebody refers to it again. Whether its bytes are still there is another question: whoever calls this stores them again. */
    public void neededAgain() {
        this.markedAt = null;
    }

    /** Nobody refers to it any more. The first mark counts, so that looking again does not lengthen the grace period. */
    public void marked(Instant now) {
        if (markedAt == null) {
            this.markedAt = now;
        }
    }

    public String id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public boolean isMarked() {
        return markedAt != null;
    }

    public @Nullable Instant markedAt() {
        return markedAt;
    }
}
