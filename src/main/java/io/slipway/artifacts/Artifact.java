package io.slipway.artifacts;

import io.slipway.project.ArtifactId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record that the bytes of a project, or of an environment, are, or are about to be, in the store; jobs refer to it. A mark says since when nobody seems to
 * need them: only retention sets it, and it deletes a marked one after a grace period, when it has looked at the jobs again.
 */
@Entity
public class Artifact {

    /** How long the store is not asked again. */
    private static final Duration KNOWN_FOR = Duration.ofDays(1);

    @Id
    private String id;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    private long sizeBytes;
    private Instant createdAt;
    private @Nullable Instant markedAt;
    private @Nullable Instant storedAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected Artifact() {}

    /** What it is. */
    public enum Kind {
        /** Named by the SHA-256 of its canonical manifest. */
        PROJECT {
            @Override
            public ArtifactName nameOf(ArtifactId id) {
                return ArtifactName.project(id);
            }
        },
        /** A packed Python environment, named by the SHA-256 of its bytes. */
        ENVIRONMENT {
            @Override
            public ArtifactName nameOf(ArtifactId id) {
                return ArtifactName.environment(id);
            }
        };

        public abstract ArtifactName nameOf(ArtifactId id);
    }

    private Artifact(Kind kind, ArtifactId id, long sizeBytes, Instant now) {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("an artifact of " + sizeBytes + " bytes");
        }
        this.kind = kind;
        this.id = id.value();
        this.sizeBytes = sizeBytes;
        this.createdAt = now;
    }

    /** @param projectId SHA-256 of the project's canonical manifest, in lower-case hex */
    public static Artifact of(ArtifactId projectId, long sizeBytes, Instant now) {
        return of(Kind.PROJECT, projectId, sizeBytes, now);
    }

    public static Artifact of(Kind kind, ArtifactId id, long sizeBytes, Instant now) {
        return new Artifact(kind, id, sizeBytes, now);
    }

    /**
     * Somebody refers to it again. What carried a mark may have been deleted already, or half: its bytes are not known to be there until
     * they are stored again.
     */
    public void neededAgain() {
        if (markedAt != null) {
            this.markedAt = null;
            this.storedAt = null;
        }
    }

    /**
     * Whether its bytes are known to be in the store. To be asked under its lock, in the transaction that refers to it: from then on
     * nobody deletes them. Once a day the store is asked all the same, since others may delete there, too.
     */
    public boolean isStored(Instant now) {
        return isStored(markedAt, storedAt, now);
    }

    static boolean isStored(@Nullable Instant markedAt, @Nullable Instant storedAt, Instant now) {
        return markedAt == null && storedAt != null && now.isBefore(storedAt.plus(KNOWN_FOR));
    }

    /** Nobody refers to it any more. The first mark counts, so that looking again does not lengthen the grace period. */
    public void marked(Instant now) {
        if (markedAt == null) {
            this.markedAt = now;
        }
    }

    public ArtifactId id() {
        return new ArtifactId(id);
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
