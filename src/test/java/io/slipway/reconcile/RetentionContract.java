package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.jobs.EndedJobs;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.ArtifactId;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What goes, when, and what never does, on both kinds of database. */
@ReconcilePersistence
abstract class RetentionContract {

    private static final Instant LONG_AGO = StoredJobs.NOW.minus(Duration.ofDays(31));
    private static final ArtifactId OTHER = new ArtifactId("b".repeat(64));

    private final MutableClock clock = new MutableClock(StoredJobs.NOW);
    private final MemoryStore store = new MemoryStore();
    private final ExecutorService others = Executors.newSingleThreadExecutor();

    @Autowired
    private DataSource database;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private EndedJobs ended;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private PlatformTransactionManager transactionManager;

    private StoredJobs stored;
    private boolean leader = true;
    private TransactionPatience patience;
    private Retention retention;

    @BeforeEach
    void empty() throws MetaDataAccessException {
        patience = LeadershipConfiguration.transactionPatience(database);
        for (String table : List.of("stored_project", "job_event", "job_label", "run", "job", "artifact")) {
            jdbc.update("delete from " + table);
        }
        stored = new StoredJobs(transactions, artifacts);
        retention = retention(2);
    }

    @AfterEach
    void stop() {
        others.shutdownNow();
    }

    @Test
    void removesWhatEndedLongAgoWithAllThatBelongsToIt() throws Exception {
        Job old = stored.ended(Wanted.of("ann").labelled(Map.of("team", "x")), LONG_AGO);
        ArtifactName launch = ArtifactName.launch(old.id() + "-1");
        store.put(launch, new byte[1]);
        retention.sweep();
        assertThat(jobs.findById(old.id())).isEmpty();
        for (String table : List.of("job_event", "job_label", "run", "job")) {
            assertThat(count(table)).as(table).isZero();
        }
        assertThat(store.exists(launch)).isFalse();
    }

    @Test
    void aLaunchFileGoesWhenTheRunAndItsApplicationHaveEnded() {
        Job running = stored.running(Wanted.of("ann"));
        Job succeeded = reported(RunReport.Phase.SUCCEEDED, null);
        Job failed = reported(RunReport.Phase.FAILED, Reason.Code.RUN_FAILED);
        Job lost = reported(RunReport.Phase.FAILED, Reason.Code.OUTCOME_UNKNOWN);
        Job cancelled = leaving();
        Job unstoppable = leaving();
        Job neverTaken = stored.ended(Wanted.of("ann"), StoredJobs.NOW);
        Job cancelledInTheQueue = stored.queued(Wanted.of("ann"));
        change(cancelledInTheQueue, job -> job.submitting(StoredJobs.NOW, "test", null));
        change(cancelledInTheQueue, job -> job.returnedToQueue("full", StoredJobs.NOW));
        change(cancelledInTheQueue, job -> job.cancelRequested("ann", StoredJobs.NOW));
        Stream.of(running, succeeded, failed, lost, cancelled, unstoppable, neverTaken, cancelledInTheQueue)
                .forEach(job -> store.put(launchOf(job), new byte[1]));
        LaunchFiles files = new LaunchFiles(jobs, store, leadership(), clock);

        files.sweep();
        assertThat(store.held)
                .containsExactlyInAnyOrder(
                        launchOf(running),
                        launchOf(failed),
                        launchOf(lost),
                        launchOf(cancelled),
                        launchOf(unstoppable));

        change(
                cancelled,
                job -> job.aftermath(new SubmissionKey(cancelled.id() + "-1"))
                        .cleanedUp(new SubmissionKey("cleanup-1"), null, clock.instant()));
        change(
                unstoppable,
                job -> job.aftermath(new SubmissionKey(unstoppable.id() + "-1"))
                        .cleanedUp(new SubmissionKey("cleanup-1"), "no", clock.instant()));
        files.sweep();
        assertThat(store.held)
                .containsExactlyInAnyOrder(launchOf(running), launchOf(failed), launchOf(lost), launchOf(unstoppable));

        clock.advance(Duration.ofDays(2));
        files.sweep();
        assertThat(store.held).containsExactlyInAnyOrder(launchOf(running), launchOf(lost), launchOf(unstoppable));
    }

    @Test
    void aLaunchFileOfARunThatWasNeverSentGoesSoonAfterTheEndOfItsJob() {
        Job waiting = stored.queued(Wanted.of("ann"));
        Job cancelled = stored.queued(Wanted.of("ann"));
        change(cancelled, job -> job.cancelRequested("ann", StoredJobs.NOW));
        // The loop had looked at the queue before the cancel, and stages after it.
        Stream.of(waiting, cancelled).forEach(job -> store.put(launchOf(job), new byte[1]));
        LaunchFiles files = new LaunchFiles(jobs, store, leadership(), clock);

        files.sweep();
        assertThat(store.held).as("it may come yet").hasSize(2);
        clock.advance(Duration.ofMinutes(15));
        files.sweep();

        assertThat(store.held).containsExactly(launchOf(waiting));
        assertThat(jobs.unsentLaunchesDue(Instant.EPOCH, clock.instant(), Limit.of(9)))
                .isEmpty();
    }

    @Test
    void aLaunchFileThatTheStoreDoesNotDeleteIsTriedAgainAndOnlyByTheLeader() {
        Job job = reported(RunReport.Phase.SUCCEEDED, null);
        store.put(launchOf(job), new byte[1]);
        store.undeletable.add(launchOf(job));
        LaunchFiles files = new LaunchFiles(jobs, store, leadership(), clock);
        files.sweep();
        store.undeletable.clear();
        leader = false;
        files.sweep();
        assertThat(store.held).containsExactly(launchOf(job));
        leader = true;
        files.sweep();
        assertThat(store.held).isEmpty();
    }

    private Job leaving() {
        Job job = stored.running(Wanted.of("ann"));
        change(job, fresh -> fresh.cancelRequested("ann", StoredJobs.NOW));
        report(job, RunReport.Phase.CANCELLED, null);
        change(job, fresh -> fresh.aftermath(new SubmissionKey(job.id() + "-1")).leftSomething(0, StoredJobs.NOW));
        return job;
    }

    private Job reported(RunReport.Phase phase, Reason.Code code) {
        Job job = stored.running(Wanted.of("ann"));
        report(job, phase, code);
        return job;
    }

    private void report(Job job, RunReport.Phase phase, Reason.Code code) {
        Instant now = StoredJobs.NOW;
        Reason reason = code == null ? null : new Reason(code, "because");
        change(
                job,
                fresh -> fresh.observed(
                        new RunReport(new SubmissionKey(job.id() + "-1"), phase, "s-1", now, now, null, reason, now),
                        RunTraits.NONE,
                        now));
    }

    private void change(Job job, Consumer<Job> verb) {
        transactions.apply(job.id(), verb);
    }

    private static ArtifactName launchOf(Job job) {
        return ArtifactName.launch(job.id() + "-1");
    }

    @Test
    void keepsWhatEndedRecentlyAndWhatHasNotEnded() {
        stored.ended(Wanted.of("ann"), StoredJobs.NOW.minus(Duration.ofDays(29)));
        stored.queued(Wanted.of("ann"), LONG_AGO);
        retention.sweep();
        assertThat(count("job")).isEqualTo(2);
    }

    @Test
    void removesAnyNumberInBatches() {
        for (int i = 0; i < 7; i++) {
            stored.ended(Wanted.of("ann"), LONG_AGO);
        }
        retention.sweep();
        assertThat(count("job")).isZero();
    }

    @Test
    void goesOnBehindAJobThatCannotBeRemovedYet() {
        Job stuck = stored.ended(Wanted.of("ann"), LONG_AGO.minusSeconds(9));
        Job stuckToo = stored.ended(Wanted.of("ann"), LONG_AGO.minusSeconds(9));
        Job next = stored.ended(Wanted.of("ann"), LONG_AGO);
        store.undeletable.add(ArtifactName.launch(stuck.id() + "-1"));
        store.undeletable.add(ArtifactName.launch(stuckToo.id() + "-1"));
        retention.sweep();
        assertThat(jobs.findById(stuck.id())).isPresent();
        assertThat(jobs.findById(next.id())).isEmpty();
        store.undeletable.clear();
        retention.sweep();
        assertThat(count("job")).isZero();
    }

    @Test
    void doesNothingWithoutTheLead() {
        stored.ended(Wanted.of("ann"), LONG_AGO);
        leader = false;
        retention.sweep();
        assertThat(count("job")).isEqualTo(1);
    }

    @Test
    void deletesAProjectThatNobodyNeedsAfterTheGrace() throws Exception {
        stored.ended(Wanted.of("ann"), LONG_AGO);
        store.put(project(StoredJobs.PROJECT), new byte[1]);
        retention.sweep();
        assertThat(store.exists(project(StoredJobs.PROJECT))).isTrue();
        clock.advance(Duration.ofHours(23));
        retention.sweep();
        assertThat(store.exists(project(StoredJobs.PROJECT))).isTrue();
        clock.advance(Duration.ofHours(2));
        retention.sweep();
        assertThat(store.exists(project(StoredJobs.PROJECT))).isFalse();
        assertThat(count("artifact")).isZero();
    }

    @Test
    void keepsAProjectThatAJobNeedsAlthoughItIsMarked() throws Exception {
        stored.queued(Wanted.of("ann"));
        store.put(project(StoredJobs.PROJECT), new byte[1]);
        jdbc.update("update artifact set marked_at = created_at");
        clock.advance(Duration.ofDays(9));
        retention.sweep();
        assertThat(store.exists(project(StoredJobs.PROJECT))).isTrue();
        assertThat(artifacts.find(StoredJobs.PROJECT).orElseThrow().isMarked()).isFalse();
    }

    @Test
    void keepsTheRowOfAProjectWhoseBytesCouldNotBeDeleted() {
        artifacts.record(Artifact.of(OTHER, 1, LONG_AGO));
        store.undeletable.add(project(OTHER));
        retention.sweep();
        clock.advance(Duration.ofDays(2));
        retention.sweep();
        assertThat(artifacts.find(OTHER)).isPresent();
    }

    @Test
    void losesARaceWithASubmissionThatHoldsTheRow() throws Exception {
        markedLongAgo();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch sweeping = new CountDownLatch(1);
        Future<?> submission = others.submit(() -> inTransaction(() -> {
            artifacts.lock(OTHER).orElseThrow().neededAgain();
            locked.countDown();
            await(sweeping);
            // Long enough for the sweep to stand before the lock; were it not, the test would only be weaker.
            pause(200);
            stored.referring(Wanted.of("ann").ofProject(OTHER), clock.instant());
        }));
        await(locked);
        sweeping.countDown();
        retention.sweep();
        submission.get();
        assertThat(store.exists(project(OTHER))).isTrue();
        assertThat(artifacts.find(OTHER).orElseThrow().isMarked()).isFalse();
    }

    @Test
    void makesASubmissionWaitThatComesWhileTheBytesGo() throws Exception {
        markedLongAgo();
        store.onDelete = () -> {
            // The submission begins while the sweep holds the row, and finds none when it gets it.
            Future<?> begun = others.submit(() -> {
                boolean known = Boolean.TRUE.equals(new TransactionTemplate(transactionManager)
                        .execute(status -> artifacts.lock(OTHER).isPresent()));
                assertThat(known).isFalse();
                stored.receiving(Wanted.of("ann").ofProject(OTHER));
                store.put(project(OTHER), new byte[1]);
                return null;
            });
            pause(storeTakes());
            assertThat(begun.isDone()).isFalse();
            store.submission = begun;
        };
        retention.sweep();
        store.submission.get();
        assertThat(store.exists(project(OTHER))).isTrue();
        assertThat(artifacts.isReferenced(OTHER)).isTrue();
    }

    @Test
    void thePiecesOfAProjectGoWithIt() throws Exception {
        markedLongAgo();
        store.put(ArtifactName.piece(OTHER, "0"), new byte[1]);
        retention(10).sweep();
        assertThat(store.exists(project(OTHER))).isFalse();
        assertThat(store.exists(ArtifactName.piece(OTHER, "0"))).isFalse();
    }

    @Test
    void keepsTheEnvironmentOfAJobAndRemovesOneThatNobodyNeeds() throws Exception {
        ArtifactId needed = new ArtifactId("e".repeat(64));
        ArtifactId unneeded = new ArtifactId("d".repeat(64));
        for (ArtifactId id : List.of(needed, unneeded)) {
            artifacts.record(Artifact.of(Artifact.Kind.ENVIRONMENT, id, 1, LONG_AGO));
            store.put(ArtifactName.environment(id), new byte[1]);
        }
        jdbc.update("update artifact set marked_at = created_at where kind = 'ENVIRONMENT'");
        Job job = stored.ended(Wanted.of("ann"), clock.instant());
        jdbc.update(
                "update job set environment_id = ? where id = ?",
                needed.value(),
                job.id().value());

        retention(10).sweep();

        assertThat(store.exists(ArtifactName.environment(needed))).isTrue();
        assertThat(store.exists(ArtifactName.environment(unneeded))).isFalse();
    }

    @Test
    void keepsAProjectThatItsOwnerKeepsForLater() throws Exception {
        markedLongAgo();
        jdbc.update(
                "insert into stored_project (owner, artifact_id, expires_at) values ('ann', ?, current_timestamp)",
                OTHER.value());
        retention(10).sweep();
        assertThat(store.exists(project(OTHER))).isTrue();
        assertThat(artifacts.find(OTHER).orElseThrow().isMarked()).isFalse();
        jdbc.update("delete from stored_project");
    }

    /** Milliseconds. */
    long storeTakes() {
        return 200;
    }

    private void markedLongAgo() throws Exception {
        artifacts.record(Artifact.of(OTHER, 1, LONG_AGO));
        store.put(project(OTHER), new byte[1]);
        jdbc.update("update artifact set marked_at = created_at");
    }

    private Leadership leadership() {
        return new TestLeader(() -> leader);
    }

    private Retention retention(int batch) {
        return new Retention(
                ended,
                new UnneededArtifacts(artifacts, store, patience, transactionManager),
                store,
                Clusters.of(List.of(new FakeCompute("local", 2, Duration.ZERO, clock))),
                leadership(),
                new RetentionSettings(Duration.ofDays(30), Duration.ofDays(1), batch, Duration.ofMinutes(10)),
                clock);
    }

    private void inTransaction(Runnable work) {
        new TransactionTemplate(transactionManager).executeWithoutResult(status -> work.run());
    }

    private int count(String table) {
        return jdbc.queryForObject("select count(*) from " + table, Integer.class);
    }

    private static ArtifactName project(ArtifactId id) {
        return ArtifactName.project(id);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class MemoryStore implements ArtifactStore {

        private final Set<ArtifactName> held = ConcurrentHashMap.newKeySet();
        private final Set<ArtifactName> undeletable = ConcurrentHashMap.newKeySet();
        private Runnable onDelete = () -> {};
        private Future<?> submission;

        @Override
        public void put(ArtifactName name, Path file) {
            held.add(name);
        }

        @Override
        public void put(ArtifactName name, byte[] content) {
            held.add(name);
        }

        @Override
        public boolean exists(ArtifactName name) {
            return held.contains(name);
        }

        @Override
        public InputStream open(ArtifactName name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(ArtifactName name) throws java.io.IOException {
            if (undeletable.contains(name)) {
                throw new java.io.IOException("the store says no");
            }
            if (name.path().startsWith("projects/")) {
                onDelete.run();
            }
            held.remove(name);
        }

        @Override
        public void deletePieces(ArtifactId projectId) {
            held.removeIf(name -> name.path().startsWith(ArtifactName.pieces(projectId)));
        }

        @Override
        public URI uri(ArtifactName name) {
            return URI.create("memory:" + name.path());
        }
    }
}
