package io.slipway.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.CountedDatabase;
import io.slipway.MutableClock;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.Artifacts;
import io.slipway.artifacts.ReferredArtifacts;
import io.slipway.environments.RequirementsReading;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.NewJob;
import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.JobSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the database and the store are asked for when a job is taken: the promises need no more than this. */
@PersistenceTest
@Import({CountedDatabase.class, JobTransactions.class, ReferredArtifacts.class})
abstract class AcceptanceCostContract {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

    private final MutableClock clock = new MutableClock(NOW);
    private static final @Nullable RequirementsReading NOTHING_REQUIRED = null;

    private final NotingStore store = new NotingStore();
    private final ArtifactId project = new ArtifactId((UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", ""));

    @Autowired
    private CountedDatabase database;

    @Autowired
    private DataSource pool;

    @Autowired
    private Jobs jobs;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private JobTransactions changes;

    @Autowired
    private ReferredArtifacts referred;

    @Autowired
    private PlatformTransactionManager transactions;

    private Acceptance acceptance;

    @BeforeEach
    void arrange() throws Exception {
        ArtifactStaging staging = new ArtifactStaging(artifacts, referred, store, transactions, clock);
        LeftOutFiles leftOut = new LeftOutFiles(JdbcClient.create(pool));
        acceptance = new Acceptance(jobs, changes, staging, new DurableCommit(pool), NOTHING_REQUIRED, leftOut, clock);
        database.clear();
    }

    /** A forced write is a statement of its own on H2, and part of each commit on PostgreSQL. */
    abstract List<String> forced();

    @Test
    void aNewProjectCostsTwoTransactionsAndOneCallOfTheStore() {
        Job job = accept();

        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        List<String> expected = new ArrayList<>(List.of(
                "select artifact",
                "insert artifact",
                "insert job",
                "insert job_event",
                "commit", //
                "update artifact",
                "update job",
                "insert job_event",
                "commit"));
        expected.addAll(forced());
        assertThat(sent()).containsExactlyElementsOf(expected);
        assertThat(store.puts()).isEqualTo(1);
    }

    @Test
    void theSameProjectAgainCostsOneTransactionAndNoCallOfTheStore() {
        accept();
        database.clear();

        Job again = accept();

        assertThat(again.state()).isEqualTo(JobState.QUEUED);
        assertThat(jobs.eventsOf(again.id()))
                .extracting(event -> event.to())
                .containsExactly(JobState.RECEIVING, JobState.QUEUED);
        List<String> expected = new ArrayList<>(List.of("select artifact", "insert job", "insert job_event", "commit"));
        expected.addAll(forced());
        assertThat(sent().subList(0, expected.size())).containsExactlyElementsOf(expected);
        assertThat(store.puts()).isEqualTo(1);
    }

    @Test
    void whatWasMarkedForDeletionIsStoredAgain() {
        accept();
        inTransaction(() -> artifacts.lock(project).orElseThrow().marked(NOW));

        accept();

        assertThat(store.puts()).as("its bytes may be gone already").isEqualTo(2);
        assertThat(artifacts.find(project).orElseThrow().isStored(NOW)).isTrue();
    }

    @Test
    void theStoreIsAskedOnceADayAllTheSame() {
        accept();
        clock.advance(Duration.ofDays(1));
        accept();
        accept();
        assertThat(store.puts()).isEqualTo(2);
    }

    @Test
    void aProjectWhoseFirstPutFailedIsNotTakenForStored() {
        store.failNext();
        try {
            accept();
        } catch (StorageUnavailable expected) {
            assertThat(artifacts.find(project).orElseThrow().isStored(NOW)).isFalse();
        }
        accept();
        assertThat(store.puts()).isEqualTo(1);
    }

    private void inTransaction(Runnable work) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> work.run());
    }

    private Job accept() {
        JobSpec spec = new JobSpec(
                "x",
                "local",
                new JobSpec.Program("main.py", List.of()),
                Map.of(),
                Map.of(),
                Map.of(),
                JobSpec.Limits.NONE);
        NewJob wanted = new NewJob(new Owner("ann"), "x", "local", project, spec, null, "f".repeat(64));
        ArtifactFile file = new ArtifactFile(Artifact.Kind.PROJECT, project, 10, HeldBytes.of(Path.of("project.zip")));
        return acceptance.accept(wanted, List.of(file)).job();
    }

    /** The verb and the table of each. */
    private List<String> sent() {
        return database.sent().stream().map(AcceptanceCostContract::shortly).toList();
    }

    private static String shortly(String sql) {
        String words =
                sql.toLowerCase().replaceFirst("^select .*? from ", "select ").replaceFirst("^insert into ", "insert ");
        return String.join(" ", List.of(words.split("\\s+")).subList(0, Math.min(2, words.split("\\s+").length)));
    }
}
