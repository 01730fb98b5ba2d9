package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Artifacts;
import io.slipway.artifacts.ReferredArtifacts;
import io.slipway.artifacts.ReferredArtifacts.Bytes;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts what somebody refers to in place. The reference is committed before anybody trusts that the bytes are there: retention looks at it
 * under the same lock.
 */
@Component
class ArtifactStaging {

    /** Two requests may bring the same new project in the same moment; more often than this something else is wrong. */
    private static final int TRIES = 5;

    private final Artifacts artifacts;
    private final ReferredArtifacts referred;
    private final ArtifactStore store;
    private final TransactionTemplate transaction;
    private final Clock clock;

    ArtifactStaging(
            Artifacts artifacts,
            ReferredArtifacts referred,
            ArtifactStore store,
            PlatformTransactionManager transactionManager,
            Clock clock) {
        this.artifacts = artifacts;
        this.referred = referred;
        this.store = store;
        this.transaction = new TransactionTemplate(transactionManager);
        this.clock = clock;
    }

    /** Inserts what refers to artifacts, in a transaction that holds their rows. */
    interface Reference {
        /** @param missing those whose bytes are not known to be in place */
        void insert(List<ArtifactFile> missing);
    }

    /**
     * Writes the rows of the artifacts that have none, and a reference to all of them, in one transaction. Returns those whose bytes
     * are not known to be in place: the caller {@link #put}s them, and says so by {@link #stored}.
     *
     * @throws UnknownReference when one that did not come with the request was deleted meanwhile
     */
    List<ArtifactFile> refer(List<ArtifactFile> files, Reference reference) {
        List<ArtifactFile> inOrder = files.stream()
                // Two requests that take the same rows never wait for each other in a circle.
                .sorted(Comparator.comparing(ArtifactFile::id))
                .toList();
        for (int tries = 1; ; tries++) {
            Set<ArtifactId> added = new HashSet<>();
            try {
                return Objects.requireNonNull(
                        transaction.execute(status -> insertUnderLock(inOrder, added, reference)));
            } catch (DataIntegrityViolationException conflict) {
                // Of the reference itself, unless another request was faster with one of the rows.
                if (tries == TRIES
                        || added.stream().noneMatch(id -> artifacts.find(id).isPresent())) {
                    throw conflict;
                }
            }
        }
    }

    private List<ArtifactFile> insertUnderLock(List<ArtifactFile> files, Set<ArtifactId> added, Reference reference) {
        List<ArtifactFile> missing =
                files.stream().filter(file -> isMissing(file, added)).toList();
        reference.insert(missing);
        return missing;
    }

    private boolean isMissing(ArtifactFile file, Set<ArtifactId> added) {
        Instant now = clock.instant();
        Bytes bytes = referred.hold(file.id(), now);
        if (bytes == Bytes.UNKNOWN) {
            if (file.bytes() == null) {
                throw gone(file);
            }
            added.add(file.id());
            referred.add(file.artifact(now));
        }
        // Of what lies beside a project nothing is written down: another job may have wanted other pieces of it.
        return bytes != Bytes.STORED || file.pieces() != null;
    }

    /** The bytes are in place. To be called where the reference is still held: in the transaction that makes use of them. */
    void stored(List<ArtifactFile> files) {
        referred.stored(files.stream().map(ArtifactFile::id).toList(), clock.instant());
    }

    /**
     * Takes as long as the bytes take that are not there yet.
     *
     * @throws UnknownReference when one that did not come with the request is not there
     */
    void put(List<ArtifactFile> files) throws IOException {
        for (ArtifactFile file : files) {
            HeldBytes bytes = file.bytes();
            if (bytes != null) {
                put(file.name(), bytes);
                Pieces pieces = file.pieces();
                if (pieces != null) {
                    pieces.putBeside(bytes.file(), file.id(), store);
                }
            } else if (!store.exists(file.name())) {
                throw gone(file);
            }
        }
    }

    private void put(ArtifactName name, HeldBytes bytes) throws IOException {
        byte[] memory = bytes.inMemory();
        if (memory == null) {
            store.put(name, bytes.file());
        } else {
            store.put(name, memory);
        }
    }

    private static UnknownReference gone(ArtifactFile file) {
        String field = file.kind() == Artifact.Kind.ENVIRONMENT ? "pythonEnvironment" : "project";
        return new UnknownReference(field, "sha256:" + file.id() + " is not stored any more. Send the file again.");
    }
}
