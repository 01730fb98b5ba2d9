package io.slipway.jobs;

import io.slipway.MutableClock;
import io.slipway.OnH2;
import io.slipway.jobs.StoredJobs.Wanted;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a turn of the loop pays to know the live jobs of a cluster that has very many: processor time of this thread, H2's share included. */
@Tag("bench")
@OnH2
class LiveReadsBench extends JobsPersistence {

    private static final int JOBS = Integer.getInteger("slipway.bench.jobs", 10_000);
    private static final int TURNS = 10;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void printsTheCostOfATurn() {
        Job one = stored.running(Wanted.of(ann).on(cluster));
        copies("job", "id", one.id().value());
        copies("run", "submission_key", one.submissionKey().value());
        MutableClock clock = new MutableClock(StoredJobs.NOW);
        LiveJobs live = new LiveJobs(jdbc, clock);
        print(
                "all of them through Hibernate",
                () -> jobs.findByClusterAndStateInOrderById(cluster, JobState.onCluster()));
        print("all of them, read for the first time", () -> new LiveJobs(jdbc, clock).on(cluster));
        live.on(cluster);
        print("none has changed", () -> live.on(cluster));
        print("none has changed, compared with the table", () -> {
            clock.advance(Duration.ofSeconds(10));
            live.check();
        });
        print("one has changed", () -> {
            jdbc.update(
                    "update job set version = version + 1 where id = ?",
                    one.id().value());
            live.changed(new JobChanged(one.id(), cluster, JobState.RUNNING, false));
            live.on(cluster);
        });
    }

    /** With ids of their own, of the same length; what depends on a job does so by its id. */
    private void copies(String table, String key, String original) {
        String columns = String.join(
                ", ",
                jdbc.queryForList(
                        "select lower(column_name) from information_schema.columns where lower(table_name) = ?",
                        String.class,
                        table));
        String id = "substring(" + key + ", 1, 16) || lpad(cast(g as varchar), 10, '0')";
        String values = columns.replaceFirst(
                        "\\bjob_id\\b", "substring(job_id, 1, 16) || lpad(cast(g as varchar), 10, '0')")
                .replaceFirst("\\b" + key + "\\b", key.equals("id") ? id : id + " || '-1'");
        jdbc.update(
                "insert into " + table + " (" + columns + ") select " + values + " from " + table
                        + " cross join system_range(1, " + (JOBS - 1) + ") as s(g) where " + key + " = ?",
                original);
    }

    private static void print(String title, Runnable turn) {
        turn.run();
        long before = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < TURNS; i++) {
            turn.run();
        }
        System.out.printf(
                Locale.ROOT,
                "%,d live jobs, %s: %.1f ms%n",
                JOBS,
                title,
                (THREADS.getCurrentThreadCpuTime() - before) / 1e6 / TURNS);
    }
}
