package io.slipway.artifacts;

import io.slipway.project.ArtifactId;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The artifacts that jobs refer to. What a submission asks of their rows is in {@link ReferredArtifacts}.
 */
public interface Artifacts extends Repository<Artifact, String> {

    Optional<Artifact> findById(String id);

    default Optional<Artifact> find(ArtifactId id) {
        return findById(id.value());
    }

    /** Holds the row until the transaction ends, so that a new reference and a deletion never pass each other. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select a from Artifact a where a.id = :id")
    Optional<Artifact> lock(String id);

    default Optional<Artifact> lock(ArtifactId id) {
        return lock(id.value());
    }

    /** Marked before the given time, longest first: candidates for deletion, to be looked at again under {@link #lock}. */
    List<Artifact> findByMarkedAtBeforeOrderByMarkedAt(Instant before, Limit limit);

    /** To which nothing refers, oldest first: candidates for a mark, to be looked at again under {@link #lock}. */
    @Query(
            value = "select a.id from artifact a where a.marked_at is null and a.created_at < :before"
                    + " and not exists (select 1 from job j where j.artifact_id = a.id)"
                    + " and not exists (select 1 from job j where j.environment_id = a.id)"
                    + " and not exists (select 1 from environment e where e.artifact_id = a.id)"
                    + " and not exists (select 1 from stored_project s where s.artifact_id = a.id)"
                    + " order by a.created_at limit :most",
            nativeQuery = true)
    List<String> findUnreferenced(Instant before, int most);

    /** Whether a job, or a project that its owner keeps for later, still refers to it. */
    default boolean isReferenced(ArtifactId id) {
        return references(id.value()) > 0;
    }

    /** For {@link #isReferenced} alone: how many kinds of reference there are. */
    @Query(
            value = "select case when exists (select 1 from job where artifact_id = :id) then 1 else 0 end"
                    + " + case when exists (select 1 from job where environment_id = :id) then 1 else 0 end"
                    + " + case when exists (select 1 from environment where artifact_id = :id) then 1 else 0 end"
                    + " + case when exists (select 1 from stored_project where artifact_id = :id) then 1 else 0 end",
            nativeQuery = true)
    int references(String id);

    /** Fails when a job still refers to it. */
    void delete(Artifact artifact);

    /**
     * Makes sure that the artifact has a row, whoever writes it; one that is there stays as it is. It must not be called within a
     * transaction: H2 and PostgreSQL share no "insert or ignore", so a race with another replica ends in a duplicate key, which on
     * PostgreSQL is the end of the transaction that it happens in.
     *
     * @return whether this call wrote the row
     */
    @Transactional(propagation = Propagation.NEVER)
    default boolean record(Artifact artifact) {
        if (find(artifact.id()).isPresent()) {
            return false;
        }
        try {
            return insert(artifact.id().value(), artifact.kind().name(), artifact.sizeBytes(), artifact.createdAt())
                    == 1;
        } catch (DataIntegrityViolationException e) {
            if (find(artifact.id()).isPresent()) {
                return false;
            }
            throw e;
        }
    }

    /** For {@link #record} alone. */
    @Modifying
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @Query(
            value = "insert into artifact (id, kind, size_bytes, created_at)"
                    + " values (:id, :kind, :sizeBytes, :createdAt)",
            nativeQuery = true)
    int insert(String id, String kind, long sizeBytes, Instant createdAt);
}
