package io.slipway.environments.emr;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ReferredArtifacts;
import io.slipway.project.ArtifactId;
import java.time.Clock;
import java.time.Instant;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps retention from an environment that is about to be published: its row is there, and carries no mark. */
final class HeldArtifacts implements Publishing.Hold {

    private final ReferredArtifacts artifacts;
    private final TransactionTemplate transaction;
    private final Clock clock;

    HeldArtifacts(ReferredArtifacts artifacts, PlatformTransactionManager transactions, Clock clock) {
        this.artifacts = artifacts;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    @Override
    public void of(ArtifactId id, long size) {
        try {
            hold(id, size);
        } catch (DataIntegrityViolationException faster) {
            hold(id, size);
        }
    }

    private void hold(ArtifactId id, long size) {
        transaction.executeWithoutResult(status -> {
            Instant now = clock.instant();
            if (artifacts.hold(id, now) == ReferredArtifacts.Bytes.UNKNOWN) {
                artifacts.add(Artifact.of(Artifact.Kind.ENVIRONMENT, id, size, now));
            }
        });
    }
}
