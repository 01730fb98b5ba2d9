package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.project.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Jobs change in whole steps, on both kinds of database. */
abstract class JobTransactionsContract extends JobsPersistence {

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void readsBackWhatWasInserted() {
        Wanted wanted = Wanted.of(ann)
                .named("Größe 日本 🚀")
                .on(cluster)
                .withKey("build-1")
                .labelled(Map.of("team", "pricing", "stage", "test"))
                .limited(new JobSpec.Limits(Duration.ofHours(2), Duration.ofMinutes(30), 3, -7));
        Job inserted = stored.queued(wanted);

        Job found = jobs.findById(inserted.id()).orElseThrow();

        assertThat(found.name()).isEqualTo("Größe 日本 🚀");
        assertThat(found.spec()).isEqualTo(wanted.newJob().spec());
        assertThat(found.createdAt()).isEqualTo(StoredJobs.NOW);
        assertThat(found.queuedAt()).isEqualTo(StoredJobs.NOW);
        assertThat(found.isOverdue(StoredJobs.NOW.plus(Duration.ofMinutes(30)))).isTrue();
        assertThat(found.version()).isEqualTo(inserted.version());
        assertThat(jobs.findByOwnerAndIdempotencyKey(ann, "build-1")).isPresent();
        assertThat(jobs.findByOwnerAndIdempotencyKey(bob, "build-1")).isEmpty();
    }

    @Test
    void bothWaysOfReadingTellTheSame() {
        Job job = stored.running(Wanted.of(ann)
                .withKey("both")
                .labelled(Map.of("team", "pricing"))
                .limited(new JobSpec.Limits(Duration.ofHours(2), Duration.ofMinutes(30), 3, -7)));
        transactions.apply(job.id(), fresh -> {
            SubmissionKey key = fresh.submissionKey();
            fresh.aftermath(key).applicationFound(new Application("application_1_1", true), StoredJobs.NOW);
            fresh.aftermath(key).programEnded(new ProgramEnd(3, StoredJobs.NOW), StoredJobs.NOW);
            fresh.aftermath(key).causeExpected(StoredJobs.NOW);
            fresh.aftermath(key)
                    .explained(
                            new Explanation(
                                    null, new Cause("ValueError", "no rows", "pkg/load.py", 2), "Traceback", 1, false),
                            StoredJobs.NOW);
            fresh.cancelRequested(ann, StoredJobs.NOW);
        });

        Job plain = new JobRows(jdbc).find(job.id()).orElseThrow().job();
        Job byHibernate = jobs.findById(job.id()).orElseThrow();

        EntityTable<Job> table = EntityTable.of(Job.class);
        assertThat(table.parameters(plain)).isEqualTo(table.parameters(byHibernate));
        EntityTable<Run> runs = EntityTable.of(Run.class);
        assertThat(runs.parameters(plain.runs().get(0)))
                .isEqualTo(runs.parameters(byHibernate.runs().get(0)))
                .contains("application_1_1", "ValueError", 3);
        assertThat(plain.labels()).containsExactly(Map.entry("team", "pricing"));
        assertThat(jobs.tracebackOf(job.submissionKey())).contains("Traceback");
    }

    /** Else what Hibernate writes to a column, or a later version does, would be lost by a change in plain SQL. */
    @Test
    void everyColumnIsWrittenButThoseThatTheDatabaseFills() {
        assertThat(columns("job"))
                .containsExactlyInAnyOrderElementsOf(EntityTable.of(Job.class).columns());
        assertThat(columns("run"))
                .containsExactlyInAnyOrderElementsOf(EntityTable.of(Run.class).columns());
        assertThat(columns("run_traceback"))
                .containsExactlyInAnyOrderElementsOf(
                        EntityTable.of(RunTraceback.class).columns());
        List<String> ofEvents = new ArrayList<>(EntityTable.of(JobEvent.class).columns());
        ofEvents.addAll(List.of("id", "feed_position"));
        assertThat(columns("job_event")).containsExactlyInAnyOrderElementsOf(ofEvents);
    }

    private List<String> columns(String table) {
        return jdbc.queryForList(
                "select lower(column_name) from information_schema.columns where lower(table_name) = ?",
                String.class,
                table);
    }

    @Test
    void aJobGoesOnAsItWasWrittenUnlessSomebodyChangedIt() {
        Job mine = stored.receiving(Wanted.of(ann).labelled(Map.of("team", "pricing")));
        Job seenByOthers = jobs.findById(mine.id()).orElseThrow();
        transactions.decide(seenByOthers, job -> job.cancelRequested(bob, StoredJobs.NOW));

        Job ended = transactions.applyNext(mine, job -> job.queued(StoredJobs.NOW));

        assertThat(ended.state()).as("the wish to stop was not overlooked").isEqualTo(JobState.CANCELLED);
        assertThat(jobs.eventsOf(mine.id()))
                .extracting(JobEvent::to)
                .containsExactly(JobState.RECEIVING, JobState.RECEIVING, JobState.QUEUED, JobState.CANCELLED);
    }

    @Test
    void oneJobsTroubleIsItsOwnAmongManyThatChangeTogether() {
        List<Job> seen =
                List.of(stored.queued(Wanted.of(ann)), stored.queued(Wanted.of(ann)), stored.queued(Wanted.of(ann)));
        transactions.apply(seen.get(1).id(), job -> job.cancelRequested(ann, StoredJobs.NOW));
        List<Job> overtaken = new ArrayList<>();

        transactions.changeAll(seen, this::submit, job -> {
            try {
                submit(job);
            } catch (OptimisticLockingFailureException conflict) {
                overtaken.add(job);
            }
        });

        assertThat(overtaken).containsExactly(seen.get(1));
        assertThat(seen)
                .extracting(job -> jobs.findById(job.id()).orElseThrow().state())
                .containsExactly(JobState.SUBMITTING, JobState.CANCELLED, JobState.SUBMITTING);
        assertThat(jobs.eventsOf(seen.get(0).id()))
                .as("nothing is left of the transaction that was given up")
                .extracting(JobEvent::to)
                .containsExactly(JobState.RECEIVING, JobState.QUEUED, JobState.SUBMITTING);
    }

    private void submit(Job seen) {
        transactions.decide(seen, job -> job.submitting(StoredJobs.NOW, "test", null));
    }

    /** A project that is fetched may name another cluster than the request seemed to. */
    @Test
    void labelsMoveWithTheirJob() {
        Job job = stored.receiving(Wanted.of(ann).on(cluster).labelled(Map.of("team", "pricing")));
        transactions.apply(
                job.id(),
                fresh -> fresh.fetched(Wanted.of(ann)
                        .on(cluster + "-2")
                        .labelled(Map.of("team", "pricing"))
                        .newJob()));
        assertThat(jdbc.queryForMap(
                        "select owner, cluster from job_label where job_id = ?",
                        job.id().value()))
                .containsEntry("owner", ann)
                .containsEntry("cluster", cluster + "-2");
    }

    @Test
    void readsSpecsOfVersionsThatKnewFewerFields() {
        Job job = stored.queued(Wanted.of(ann));
        jdbc.update(
                "update job set spec = ? where id = ?",
                "{\"program\":{\"entryPoint\":\"main.py\",\"arguments\":[]},\"sparkConf\":{},\"environment\":{},"
                        + "\"labels\":{},\"limits\":{\"maxAttempts\":2},\"unknown\":1}",
                job.id().value());

        JobSpec spec = jobs.findById(job.id()).orElseThrow().spec();

        assertThat(spec.limits()).isEqualTo(new JobSpec.Limits(null, null, 2, 0));
    }

    @Test
    void takesAKeyOnceForEachOwner() {
        stored.receiving(Wanted.of(ann).withKey("k"));
        stored.receiving(Wanted.of(bob).withKey("k"));
        assertThatThrownBy(() -> stored.receiving(Wanted.of(ann).withKey("k")))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void takesAnyNumberOfJobsWithoutAKey() {
        stored.receiving(Wanted.of(ann));
        stored.receiving(Wanted.of(ann));
        assertThat(jobs.countByOwnerAndStateIn(ann, List.of(JobState.RECEIVING)))
                .isEqualTo(2);
    }

    @Test
    void freesTheKeyOfAnInterruptedUpload() {
        Job first = stored.receiving(Wanted.of(ann).withKey("k"));
        transactions.apply(first.id(), job -> job.uploadInterrupted(StoredJobs.NOW));
        Job second = stored.receiving(Wanted.of(ann).withKey("k"));
        assertThat(jobs.findByOwnerAndIdempotencyKey(ann, "k").orElseThrow().id())
                .isEqualTo(second.id());
    }

    @Test
    void appliesEveryFactAlthoughOthersWriteAtTheSameTime() throws Exception {
        Job job = stored.pending(Wanted.of(ann));
        ExecutorService replicas = Executors.newFixedThreadPool(3);
        try {
            List<Future<Job>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(replicas.submit(() -> transactions.apply(
                        job.id(),
                        fresh -> fresh.cancelSent(
                                fresh.currentRun().orElseThrow().ref(), StoredJobs.NOW))));
            }
            for (Future<Job> each : all) {
                each.get();
            }
        } finally {
            replicas.shutdownNow();
        }
        assertThat(jobs.findById(job.id()).orElseThrow().version()).isEqualTo(job.version() + 3);
    }

    @Test
    void refusesADecisionThatWasTakenOnAnOlderStory() {
        Job seen = stored.queued(Wanted.of(ann));
        transactions.apply(seen.id(), job -> job.cancelRequested(ann, StoredJobs.NOW));
        assertThatThrownBy(() -> transactions.decide(seen, job -> job.submitting(StoredJobs.NOW, "late", null)))
                .isInstanceOf(OptimisticLockingFailureException.class);
        assertThat(jobs.findById(seen.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void writesALineOfHistoryForEachChangeInItsOrder() {
        Job job = stored.running(Wanted.of(ann));
        assertThat(jobs.eventsOf(job.id()))
                .extracting(JobEvent::to)
                .containsExactly(
                        JobState.RECEIVING, JobState.QUEUED, JobState.SUBMITTING, JobState.PENDING, JobState.RUNNING);
    }

    @Test
    void leavesNothingOfAChangeThatFails() {
        Job job = stored.queued(Wanted.of(ann));
        assertThatThrownBy(() -> transactions.apply(job.id(), fresh -> {
                    fresh.submitting(StoredJobs.NOW, "test", null);
                    throw new IllegalStateException("half way");
                }))
                .hasMessage("half way");
        assertThat(jobs.findById(job.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        assertThat(jobs.eventsOf(job.id())).hasSize(2);
    }

    @Test
    void countsASignOfLifeAsNoChange() {
        Job job = stored.receiving(Wanted.of(ann));
        assertThat(jobs.heartbeat(job.id(), StoredJobs.NOW.plusSeconds(5))).isEqualTo(1);
        Job beaten = jobs.findById(job.id()).orElseThrow();
        assertThat(beaten.version()).isEqualTo(job.version());
        assertThat(beaten.heartbeatAt()).isEqualTo(StoredJobs.NOW.plusSeconds(5));
        transactions.apply(job.id(), fresh -> fresh.queued(StoredJobs.NOW));
        assertThat(jobs.heartbeat(job.id(), StoredJobs.NOW.plusSeconds(9))).isZero();
    }
}
