package io.slipway.jobs;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * The rows of single jobs, in plain SQL: a change reads the job and its runs in one question, and writes the columns that differ. The
 * caller's transaction holds it together.
 */
final class JobRows {

    private static final EntityTable<Job> JOBS = EntityTable.of(Job.class);
    private static final EntityTable<Run> RUNS = EntityTable.of(Run.class);
    private static final EntityTable<JobEvent> EVENTS = EntityTable.of(JobEvent.class);
    private static final EntityTable<RunTraceback> TRACEBACKS = EntityTable.of(RunTraceback.class);

    private static final String SELECT = "select " + JOBS.columnsOf("j") + ", " + RUNS.columnsOf("r")
            + " from job j left join run r on r.job_id = j.id where j.id ";
    private static final String READ = SELECT + "= ? order by r.attempt";

    /** Of one question. */
    private static final int MANY = 100;

    private final JdbcTemplate database;

    JobRows(JdbcTemplate database) {
        this.database = database;
    }

    /** A job with its runs, and how they lie in the database. */
    static final class Stored {

        private final Job job;
        private final Map<String, String> labels;
        private final String cluster;
        private final IdentityHashMap<Run, @Nullable Object[]> runs = new IdentityHashMap<>();
        private @Nullable Object[] row;

        private Stored(Job job) {
            this.job = job;
            this.labels = Map.copyOf(job.labels());
            this.cluster = job.cluster();
            this.row = JOBS.values(job);
            job.runs.forEach(run -> runs.put(run, RUNS.values(run)));
        }

        /** As somebody has just written it. */
        static Stored as(Job written) {
            return new Stored(written);
        }

        Job job() {
            return job;
        }
    }

    /** @throws org.springframework.dao.DataIntegrityViolationException when its owner used the idempotency key before */
    void insert(Job job) {
        job.versionIs(0);
        database.update(JOBS.insert(), JOBS.parameters(job));
        insertLabels(job);
        job.runs.forEach(run -> database.update(RUNS.insert(), RUNS.parameters(run)));
        insertLines(job);
    }

    Optional<Stored> find(JobId id) {
        return rows(READ, id.value()).stream().findFirst().map(Stored::new);
    }

    /** Those of the ids that are there, in no order. */
    List<Job> all(List<String> ids) {
        List<Job> found = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += MANY) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + MANY));
            String marks = String.join(", ", Collections.nCopies(some.size(), "?"));
            found.addAll(rows(SELECT + "in (" + marks + ") order by j.id, r.attempt", some.toArray()));
        }
        return found;
    }

    /** @param sql has the rows of a job one after the other */
    private List<Job> rows(String sql, Object... ids) {
        List<Job> found = new ArrayList<>();
        database.query(sql, (RowCallbackHandler) row -> read(row, found), ids);
        return found;
    }

    private static void read(ResultSet row, List<Job> found) throws SQLException {
        Job last = found.isEmpty() ? null : found.get(found.size() - 1);
        if (last == null || !last.id().value().equals(row.getString(1))) {
            last = JOBS.read(row, 1);
            last.labelsAreOfSpec();
            found.add(last);
        }
        int first = JOBS.columns().size() + 1;
        if (row.getString(first) != null) {
            last.runs.add(RUNS.read(row, first).of(last));
        }
    }

    /**
     * Writes what has changed of it since it was read or written here.
     *
     * @throws OptimisticLockingFailureException when somebody else has changed it since
     */
    void update(Stored stored) {
        Job job = stored.job;
        @Nullable Object[] before = stored.row;
        if (!Arrays.equals(before, JOBS.values(job))) {
            long version = job.version();
            job.versionIs(version + 1);
            @Nullable Object[] after = JOBS.values(job);
            if (update(
                            "job",
                            "id = ? and version = ?",
                            JOBS,
                            before,
                            after,
                            job.id().value(),
                            version)
                    == 0) {
                throw new OptimisticLockingFailureException(
                        "job " + job.id() + " has changed since it was read at version " + version);
            }
            stored.row = after;
        }
        if (!stored.labels.equals(job.labels()) || !stored.cluster.equals(job.cluster())) {
            database.update("delete from job_label where job_id = ?", job.id().value());
            insertLabels(job);
        }
        job.runs.forEach(run -> write(stored, run));
        insertLines(job);
    }

    private void write(Stored stored, Run run) {
        @Nullable Object[] after = RUNS.values(run);
        @Nullable Object[] before = stored.runs.put(run, after);
        if (before == null) {
            database.update(RUNS.insert(), RUNS.parameters(run));
        } else if (!Arrays.equals(before, after)) {
            update(
                    "run",
                    "submission_key = ?",
                    RUNS,
                    before,
                    after,
                    run.submissionKey().value());
        }
        run.takeTracebacks()
                .forEach(traceback -> database.update(TRACEBACKS.insert(), TRACEBACKS.parameters(traceback)));
    }

    /** Writes the columns that differ, and no index whose columns stay as they are. */
    private int update(
            String table,
            String where,
            EntityTable<?> columns,
            @Nullable Object[] before,
            @Nullable Object[] after,
            Object... key) {
        List<String> sets = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < after.length; i++) {
            if (!Objects.equals(before[i], after[i])) {
                sets.add(columns.columns().get(i) + " = ?");
                values.add(columns.parameter(i, after[i]));
            }
        }
        values.addAll(Arrays.asList(key));
        return database.update(
                "update " + table + " set " + String.join(", ", sets) + " where " + where, values.toArray());
    }

    private void insertLabels(Job job) {
        if (!job.labels().isEmpty()) {
            database.batchUpdate(
                    "insert into job_label (job_id, label_key, label_value, owner, cluster) values (?, ?, ?, ?, ?)",
                    job.labels().entrySet().stream()
                            .map(label -> new Object[] {
                                job.id().value(),
                                label.getKey(),
                                label.getValue(),
                                job.owner().value(),
                                job.cluster()
                            })
                            .toList());
        }
    }

    private void insertLines(Job job) {
        List<@Nullable Object[]> lines =
                job.takeEvents().stream().map(EVENTS::parameters).toList();
        if (lines.size() == 1) {
            database.update(EVENTS.insert(), lines.get(0));
        } else if (!lines.isEmpty()) {
            database.batchUpdate(EVENTS.insert(), lines);
        }
    }

    /** The job has ended and is not in the daily numbers yet. */
    void uncounted(Job job) {
        database.update(
                "insert into uncounted_job (job_id, owner) values (?, ?)",
                job.id().value(),
                job.owner().value());
    }
}
