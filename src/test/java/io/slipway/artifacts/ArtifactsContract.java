package io.slipway.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.PersistenceTest;
import io.slipway.project.ArtifactId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of artifacts behave the same on both kinds of database. */
@PersistenceTest
abstract class ArtifactsContract {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05.678901Z");

    private final ArtifactId id = newId();
    private final ExecutorService replicas = Executors.newFixedThreadPool(4);

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private JdbcTemplate jdbc;

    private TransactionTemplate transaction;

    @Autowired
    void use(PlatformTransactionManager transactions) {
        this.transaction = new TransactionTemplate(transactions);
    }

    @AfterEach
    void stop() {
        replicas.shutdownNow();
    }

    @Test
    void remembersWhatWasRecorded() {
        assertThat(artifacts.record(Artifact.of(id, 5_000_000_000L, NOW))).isTrue();

        Artifact found = artifacts.find(id).orElseThrow();
        assertThat(found.sizeBytes()).isEqualTo(5_000_000_000L);
        assertThat(found.createdAt()).isEqualTo(NOW);
        assertThat(found.isMarked()).isFalse();
    }

    @Test
    void leavesARecordThatIsThereAsItIs() {
        artifacts.record(Artifact.of(id, 10, NOW));
        assertThat(artifacts.record(Artifact.of(id, 10, NOW.plusSeconds(60)))).isFalse();
        assertThat(artifacts.find(id).orElseThrow().createdAt()).isEqualTo(NOW);
    }

    @Test
    void recordsOnceWhenReplicasRecordAtOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            ArtifactId contested = newId();
            CyclicBarrier start = new CyclicBarrier(4);
            List<Future<Boolean>> replies = new ArrayList<>();
            for (int replica = 0; replica < 4; replica++) {
                replies.add(replicas.submit(() -> {
                    start.await();
                    return artifacts.record(Artifact.of(contested, 10, NOW));
                }));
            }
            int wrote = 0;
            for (Future<Boolean> reply : replies) {
                wrote += reply.get() ? 1 : 0;
            }
            assertThat(wrote).isEqualTo(1);
        }
    }

    @Test
    void refusesToRecordWithinATransaction() {
        assertThatThrownBy(() -> transaction.execute(status -> artifacts.record(Artifact.of(id, 10, NOW))))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void saysWhichWereMarkedLongAgo() {
        ArtifactId fresh = newId();
        ArtifactId old = newId();
        ArtifactId older = newId();
        mark(fresh, NOW.minusSeconds(1));
        mark(old, NOW.minus(Duration.ofDays(3)));
        mark(older, NOW.minus(Duration.ofDays(4)));
        artifacts.record(Artifact.of(id, 10, NOW));

        List<Artifact> found =
                artifacts.findByMarkedAtBeforeOrderByMarkedAt(NOW.minus(Duration.ofDays(1)), Limit.of(10));

        assertThat(found)
                .extracting(Artifact::id)
                .filteredOn(List.of(fresh, old, older, id)::contains)
                .containsExactly(older, old);
    }

    @Test
    void takesTheMarkAwayFromOneThatIsNeededAgain() {
        mark(id, NOW);
        transaction.executeWithoutResult(
                status -> artifacts.lock(id).orElseThrow().neededAgain());
        assertThat(artifacts.find(id).orElseThrow().isMarked()).isFalse();
    }

    @Test
    void makesADeletionWaitForAReferenceThatIsBeingWritten() throws Exception {
        mark(id, NOW);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch deleting = new CountDownLatch(1);
        Future<?> submission = replicas.submit(() -> transaction.executeWithoutResult(status -> {
            Artifact artifact = artifacts.lock(id).orElseThrow();
            locked.countDown();
            await(deleting);
            artifact.neededAgain();
        }));
        await(locked);
        Future<Boolean> retention = replicas.submit(() -> transaction.execute(status -> {
            deleting.countDown();
            Artifact artifact = artifacts.lock(id).orElseThrow();
            if (artifact.isMarked()) {
                artifacts.delete(artifact);
            }
            return artifact.isMarked();
        }));
        submission.get();
        assertThat(retention.get()).isFalse();
        assertThat(artifacts.find(id)).isPresent();
    }

    @Test
    void deletesTheRow() {
        artifacts.record(Artifact.of(id, 10, NOW));
        transaction.executeWithoutResult(
                status -> artifacts.delete(artifacts.lock(id).orElseThrow()));
        assertThat(artifacts.find(id)).isEmpty();
        assertThat(artifacts.record(Artifact.of(id, 10, NOW))).isTrue();
    }

    @Test
    void keepsTheRowAsLongAsAJobRefersToIt() {
        artifacts.record(Artifact.of(id, 10, NOW));
        jdbc.update(
                "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, changes,"
                        + " attempt, created_at, heartbeat_at) values (?, 0, 'ann', 'x', 'local', ?, '{}', 'f', 'QUEUED',"
                        + " 0, 1, current_timestamp, current_timestamp)",
                id.value().substring(0, 26),
                id.value());
        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> artifacts.delete(artifacts.lock(id).orElseThrow())))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(artifacts.find(id)).isPresent();
    }

    private static ArtifactId newId() {
        return new ArtifactId((UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", ""));
    }

    private void mark(ArtifactId artifact, Instant at) {
        artifacts.record(Artifact.of(artifact, 10, NOW));
        transaction.executeWithoutResult(
                status -> artifacts.lock(artifact).orElseThrow().marked(at));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
