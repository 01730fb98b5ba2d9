package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.domain.Limit;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * The plans of lists, filters and the loop's own questions where nearly all of very many jobs have ended: each reads what it answers
 * with and little else.
 */
@PersistenceTest
@Import({JobList.class, EndedJobs.class, JobPlansContract.Plans.class})
abstract class JobPlansContract {

    /** Jobs that have not ended, and rows of one cluster, owner or label, are below this; a tenth of all jobs is not. */
    private static final long FEW = 20_000;

    private static final Set<JobState> LIVE = EnumSet.of(JobState.SUBMITTING, JobState.PENDING, JobState.RUNNING);
    private static final Set<JobState> ALIVE =
            EnumSet.of(JobState.RECEIVING, JobState.QUEUED, JobState.SUBMITTING, JobState.PENDING, JobState.RUNNING);
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final List<String> readTooMuch = new ArrayList<>();

    @Autowired
    private ReadPlans plans;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobList list;

    @Autowired
    private EndedJobs ended;

    @Autowired
    private Artifacts artifacts;

    @TestConfiguration(proxyBeanMethods = false)
    static class Plans {
        @Bean
        static ReadPlans readPlans() {
            return new ReadPlans();
        }
    }

    abstract boolean findsPartsOfNames();

    @Test
    void readsLittleForEachPageOfAList() {
        page(new JobFilter(null, Set.of(), Map.of(), null, null, null, null));
        page(new JobFilter("owner7", Set.of(), Map.of(), null, null, null, null));
        page(new JobFilter("owner7", Set.of(), Map.of(), null, null, null, id(500_000)));
        page(new JobFilter("owner7", Set.of(JobState.RUNNING), Map.of(), null, null, null, null));
        page(new JobFilter("owner7", Set.of(JobState.FAILED), Map.of(), null, null, null, null));
        page(new JobFilter(null, Set.of(JobState.RUNNING), Map.of(), null, null, null, null));
        page(new JobFilter(null, Set.of(JobState.FAILED), Map.of(), null, null, null, null));
        page(new JobFilter(null, ALIVE, Map.of(), null, null, null, null));
        page(new JobFilter(null, Set.of(), Map.of("build", "1230"), null, null, null, null));
        page(new JobFilter("owner0", Set.of(), Map.of("team", "t7"), null, null, null, null));
        page(new JobFilter(null, Set.of(), Map.of("team", "t7", "build", "70"), null, null, null, null));
        page(new JobFilter(null, Set.of(), Map.of(), null, at(1000), at(1060), null));
        page(new JobFilter("owner7", Set.of(), Map.of(), null, at(1000), at(1060), null));
        page(new JobFilter(null, Set.of(), Map.of(), "report", null, null, null));
        if (findsPartsOfNames()) {
            page(new JobFilter(null, Set.of(), Map.of(), "special-77", null, null, null));
        }
        assertThat(readTooMuch).isEmpty();
    }

    @Test
    void readsLittleForEachTurnOfTheLoop() {
        ask(() -> jobs.findByClusterAndStateInOrderById("c7", LIVE));
        ask(() -> jobs.queueOf("c7"));
        ask(() -> jobs.oldestOfLine("c7", JobState.QUEUED, 0, "owner7", Limit.of(3)));
        ask(() -> jobs.findByStateAndHeartbeatAtBefore(JobState.RECEIVING, START));
        ask(() -> jobs.findByStateAndQueueDeadlineAtLessThanEqual(JobState.QUEUED, START));
        ask(() -> jobs.clustersOf(LIVE));
        ask(() -> jobs.countByClusterAndState(ALIVE));
        ask(() -> jobs.versionsOf(List.of(id(1), id(77), id(900))));
        assertThat(readTooMuch).isEmpty();
    }

    @Test
    void readsLittleForEachSubmission() {
        ask(() -> jobs.countByOwnerAndStateIn("owner7", ALIVE));
        ask(() -> jobs.countByOwnerAndStateIn("owner7", EnumSet.of(JobState.RECEIVING, JobState.QUEUED)));
        ask(() -> jobs.findByOwnerAndIdempotencyKey("owner7", "none"));
        ask(() -> jobs.existsByProjectIdAndOwner("p7", "owner7"));
        assertThat(readTooMuch).isEmpty();
    }

    @Test
    void readsLittleForEachBatchOfRetention() {
        ask(() -> ended.endedBefore(at(100), Optional.empty(), 50));
        ask(() -> ended.endedBefore(START.minus(Duration.ofDays(1)), Optional.empty(), 50));
        ask(() -> artifacts.findByMarkedAtBeforeOrderByMarkedAt(at(100), Limit.of(50)));
        ask(() -> artifacts.isReferenced("p7"));
        assertThat(readTooMuch).isEmpty();
    }

    private void page(JobFilter filter) {
        ask(() -> list.page(filter, 50));
    }

    private void ask(Runnable question) {
        List<String> asked = plans.of(question);
        assertThat(asked).isNotEmpty();
        asked.stream()
                .filter(plan -> plan.contains("Seq Scan on job") || ReadPlans.mostRows(plan) > FEW)
                .forEach(readTooMuch::add);
    }

    private static String id(int number) {
        return "%026d".formatted(number);
    }

    private static Instant at(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    /** The schema before the indexes, the jobs, then the indexes: as fast as it gets, and how a database of an older version goes. */
    static void fill(Databases.Database database, String vendor, int total, DynamicPropertyRegistry properties) {
        String series = vendor.equals("h2")
                ? "system_range(1, " + total + ") as s(g)"
                : "generate_series(1, " + total + ") as s(g)";
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration")
                .target("2")
                .load()
                .migrate();
        execute(
                database,
                "insert into artifact (id, size_bytes, created_at) select 'p' || g, 1, timestamp with time zone '2030-01-01 00:00:00+00'"
                        + " from " + series + " where g <= 10000",
                "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, changes, attempt, priority,"
                        + " created_at, heartbeat_at, queued_at, queue_deadline_at, started_at, ended_at)"
                        + " select lpad(cast(g as varchar), 26, '0'), 0, 'owner' || mod(g, 200),"
                        + " case when mod(g, 100000) = 77 then 'Special-' || mod(g, 1000) else 'job-report' end,"
                        + " 'c' || mod(g, 12), 'p' || (1 + mod(g, 10000)), '{\"program\":{\"arguments\":[]},\"sparkConf\":{},"
                        + "\"environment\":{},\"labels\":{},\"limits\":{\"maxAttempts\":1}}', 'f',"
                        + " case when g > " + (total - 3000) + " then 'QUEUED'"
                        + " when g > " + (total - 4000) + " then 'RUNNING'"
                        + " when g > " + (total - 4500) + " then 'PENDING'"
                        + " when mod(g, 13) = 0 then 'FAILED' when mod(g, 101) = 0 then 'CANCELLED' else 'SUCCEEDED' end,"
                        + " 3, 1, 0, " + time("g") + ", " + time("g") + ", " + time("g") + ", " + time("g + 60") + ", "
                        + time("g") + ", case when g > " + (total - 4500) + " then null else " + time("g + 5") + " end"
                        + " from " + series,
                "insert into job_label (job_id, label_key, label_value) select lpad(cast(g as varchar), 26, '0'), 'team',"
                        + " 't' || mod(g / 10, 50) from " + series + " where mod(g, 10) = 0",
                "insert into job_label (job_id, label_key, label_value) select lpad(cast(g as varchar), 26, '0'), 'build',"
                        + " cast(g as varchar) from " + series + " where mod(g, 10) = 0");
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration", "classpath:db/indexes/" + vendor)
                .load()
                .migrate();
        execute(database, vendor.equals("h2") ? "analyze" : "vacuum analyze");
        database.configure(properties);
    }

    /** A job a minute. */
    private static String time(String minutes) {
        return "timestamp with time zone '2030-01-01 00:00:00+00' + (" + minutes + ") * interval '1' minute";
    }

    private static void execute(Databases.Database database, String... all) {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            for (String sql : all) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
