package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Artifacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts what somebody refers to in place. The reference is committed before anybody trusts that the bytes are there: retention looks at it
 * under the same lock.
 */
@Component
class ArtifactStaging {

    private final Artifacts artifacts;
    private final ArtifactStore store;
    private final TransactionTemplate transaction;
    private final Clock clock;

    ArtifactStaging(
            Artifacts artifacts, ArtifactStore store, PlatformTransactionManager transactionManager, Clock clock) {
        this.artifacts = artifacts;
        this.store = store;
        this.transaction = new TransactionTemplate(transactionManager);
        this.clock = clock;
    }

    /**
     * Runs the insert of a reference to all of them, in a transaction that holds their rows.
     *
     * @throws UnknownReference when one that did not come with the request was deleted meanwhile
     */
    void refer(List<ArtifactFile> files, Runnable insert) {
        List<ArtifactFile> inOrder = files.stream()
                // Two requests that take the same rows never wait for each other in a circle.
                .sorted(Comparator.comparing(ArtifactFile::id))
                .toList();
        boolean referred = false;
        while (!referred) {
            inOrder.stream()
                    .filter(file -> file.file() != null)
                    .forEach(file -> artifacts.record(file.artifact(clock.instant())));
            referred = Boolean.TRUE.equals(transaction.execute(status -> insertUnderLock(inOrder, insert)));
        }
    }

    /** False when retention was faster. */
    private boolean insertUnderLock(List<ArtifactFile> files, Runnable insert) {
        for (ArtifactFile file : files) {
            Artifact artifact = artifacts.lock(file.id()).orElse(null);
            if (artifact == null && file.file() == null) {
                throw gone(file);
            }
            if (artifact == null) {
                return false;
            }
            artifact.neededAgain();
        }
        insert.run();
        return true;
    }

    /**
     * Takes as long as the bytes take that are not there yet.
     *
     * @throws UnknownReference when one that did not come with the request is not there
     */
    void put(List<ArtifactFile> files) throws IOException {
        for (ArtifactFile file : files) {
            Path bytes = file.file();
            if (bytes != null) {
                store.put(file.name(), bytes);
                Pieces pieces = file.pieces();
                if (pieces != null) {
                    pieces.putBeside(bytes, file.id(), store);
                }
            } else if (!store.exists(file.name())) {
                throw gone(file);
            }
        }
    }

    private static UnknownReference gone(ArtifactFile file) {
        String field = file.kind() == Artifact.Kind.ENVIRONMENT ? "pythonEnvironment" : "project";
        return new UnknownReference(field, "sha256:" + file.id() + " is not stored any more. Send the file again.");
    }
}
