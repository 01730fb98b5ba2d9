package io.slipway.reconcile;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Artifacts;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Projects and environments that no job refers to: marked first, deleted after a grace period. Every step looks at the references again while it holds
 * the artifact's row, and the bytes go before the row is let go: a submission that comes at the same time either takes the mark away
 * or finds no row, and then stores its bytes anew. The store may take longer than a replica is trusted, so the transaction is given
 * more time than others, and who does not lead any more deletes nothing.
 */
@Component
class UnneededArtifacts {

    private static final Logger log = LoggerFactory.getLogger(UnneededArtifacts.class);

    private final Artifacts artifacts;
    private final ArtifactStore store;
    private final TransactionPatience patience;
    private final TransactionTemplate transaction;

    UnneededArtifacts(
            Artifacts artifacts,
            ArtifactStore store,
            TransactionPatience patience,
            PlatformTransactionManager transactionManager) {
        this.artifacts = artifacts;
        this.store = store;
        this.patience = patience;
        this.transaction = new TransactionTemplate(transactionManager);
    }

    /** Returns how many were deleted. */
    int sweep(Instant now, Duration grace, int batch, Leadership leadership) {
        // Deleted first, so that what is marked in this sweep waits for a later one however short the grace is.
        int deleted = batches(
                leadership,
                batch,
                () -> artifacts.findByMarkedAtBeforeOrderByMarkedAt(now.minus(grace), Limit.of(batch)).stream()
                        .map(Artifact::id)
                        .toList(),
                id -> delete(id, now.minus(grace), leadership));
        batches(
                leadership,
                batch,
                () -> artifacts.findUnreferenced(now, batch).stream()
                        .map(ArtifactId::new)
                        .toList(),
                id -> mark(id, now));
        return deleted;
    }

    private interface Candidates {
        List<ArtifactId> next();
    }

    /** Goes on while whole batches are dealt with; one that could not be is found again by the next sweep. */
    private int batches(Leadership leadership, int batch, Candidates candidates, Predicate<ArtifactId> step) {
        int done = 0;
        boolean more = true;
        while (more && leadership.isLeader()) {
            List<ArtifactId> ids = candidates.next();
            long dealt = ids.stream().filter(id -> alone(id, step)).count();
            done += (int) dealt;
            more = ids.size() == batch && dealt == batch;
        }
        return done;
    }

    private boolean alone(ArtifactId id, Predicate<ArtifactId> step) {
        try {
            return Boolean.TRUE.equals(transaction.execute(status -> step.test(id)));
        } catch (RuntimeException failure) {
            log.warn("Artifact {} could not be cleared away and is tried again: {}", id, failure.toString());
            return false;
        }
    }

    private boolean mark(ArtifactId id, Instant now) {
        Optional<Artifact> artifact = artifacts.lock(id).filter(known -> !artifacts.isReferenced(id));
        artifact.ifPresent(known -> known.marked(now));
        return artifact.isPresent();
    }

    private boolean delete(ArtifactId id, Instant markedBefore, Leadership leadership) {
        patience.extend();
        Artifact artifact = artifacts.lock(id).orElse(null);
        Instant markedAt = artifact == null ? null : artifact.markedAt();
        if (artifact == null || markedAt == null || !markedAt.isBefore(markedBefore)) {
            return false;
        }
        if (artifacts.isReferenced(id)) {
            artifact.neededAgain();
            return false;
        }
        try {
            if (artifact.kind() == Artifact.Kind.PROJECT && leadership.isLeader()) {
                store.deletePieces(id);
            }
            if (!leadership.isLeader()) {
                return false;
            }
            store.delete(artifact.kind().nameOf(id));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        artifacts.delete(artifact);
        return true;
    }
}
