package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.slipway.CountedDatabase;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What it costs to read a job again. */
@Import(CountedDatabase.class)
abstract class KnownJobsContract extends JobsPersistence {

    private static final long A_READ = 24 * 1024;

    @Autowired
    private CountedDatabase counted;

    @Autowired
    private JdbcClient database;

    private KnownJobs known;

    @Autowired
    private JdbcTemplate template;

    @BeforeEach
    void arrange() {
        known = new KnownJobs(jobs, database);
    }

    private Job queued() {
        return stored.queued(StoredJobs.Wanted.of(ann).on(cluster));
    }

    private int statementsOf(Runnable read) {
        counted.clear();
        read.run();
        return (int) counted.sent().stream()
                .filter(sql -> !sql.equals(CountedDatabase.COMMIT))
                .count();
    }

    @Test
    void readsTheWholeJobOnceAndThenItsVersionAlone() {
        JobId id = queued().id();

        assertThat(statementsOf(() -> known.find(id))).isEqualTo(1);
        assertThat(statementsOf(() -> known.find(id))).isEqualTo(1);
        assertThat(counted.sent().get(0)).isEqualTo("select version from job where id = ?");
        assertThat(known.find(id).orElseThrow().spec())
                .isEqualTo(jobs.findById(id).orElseThrow().spec());
    }

    @Test
    void allocatesAFractionOfWhatTheRowCosts() {
        JobId id = queued().id();
        long rows = allocated(() -> jobs.findById(id));
        long again = allocated(() -> known.find(id));
        assertThat(again)
                .as("a read of the row costs %d bytes", rows)
                .isLessThan(A_READ)
                .isLessThan(rows / 2);
    }

    /** Of one call, when it has been called often. */
    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        IntStream.range(0, 200).forEach(round -> work.run());
        long before = threads.getCurrentThreadAllocatedBytes();
        IntStream.range(0, 100).forEach(round -> work.run());
        return (threads.getCurrentThreadAllocatedBytes() - before) / 100;
    }

    @Test
    void readsAPageAgainByOneQuestionForIdsAndVersions() {
        JobList list = new JobList(known, template);
        JobFilter anns = new JobFilter(ann, null, Set.of(), Map.of(), null, JobFilter.Created.ANY_TIME, null);
        Job first = queued();
        queued();
        assertThat(statementsOf(() -> list.page(anns, 50))).isEqualTo(2);
        assertThat(statementsOf(() -> list.page(anns, 50))).isEqualTo(1);
        transactions.apply(first.id(), fresh -> fresh.cancelRequested("ann", Instant.now()));
        assertThat(list.page(anns, 50).items())
                .extracting(Job::state)
                .containsExactly(JobState.QUEUED, JobState.CANCELLED);
        assertThat(statementsOf(() -> list.page(anns, 50))).isEqualTo(1);
    }

    @Test
    void seesWhatOthersWroteAtOnce() {
        Job job = queued();
        known.find(job.id());
        transactions.apply(job.id(), fresh -> fresh.cancelRequested("ann", Instant.now()));
        assertThat(known.find(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void forgetsAJobThatIsGone() {
        JobId id = queued().id();
        known.find(id);
        database.sql("delete from job_event where job_id = ?").param(id.value()).update();
        database.sql("delete from job where id = ?").param(id.value()).update();
        assertThat(known.find(id)).isEmpty();
        assertThat(known.find(id)).isEmpty();
    }

    @Test
    void readsTheRowAsLongAsSomethingIsNotedWithoutANewVersion() {
        Job job = queued();
        transactions.apply(job.id(), fresh -> fresh.submitting(Instant.now(), "test", null));
        database.sql("update run set application_due_at = current_timestamp where job_id = ?")
                .param(job.id().value())
                .update();
        assertThat(known.find(job.id()).orElseThrow().runs()).allMatch(Run::isApplicationExpected);
        database.sql("update run set application_due_at = null where job_id = ?")
                .param(job.id().value())
                .update();
        assertThat(known.find(job.id()).orElseThrow().runs()).noneMatch(Run::isApplicationExpected);
    }

    @Test
    void keepsNoMoreThanItsBytes() {
        KnownJobs few = new KnownJobs(jobs, database, 20_000);
        JobId first = queued().id();
        few.find(first);
        IntStream.range(0, 5).forEach(more -> few.find(queued().id()));
        JobId last = queued().id();
        few.find(last);

        few.find(last);
        assertThat(statementsOf(() -> few.find(last))).isEqualTo(1);
        assertThat(counted.sent().get(0)).startsWith("select version");
        statementsOf(() -> few.find(first));
        assertThat(counted.sent().get(0)).as("the row again").doesNotStartWith("select version");
    }
}
