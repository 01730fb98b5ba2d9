package io.slipway.jobs;

import static io.slipway.jobs.JobFilter.Created.ANY_TIME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import io.slipway.jobs.JobFilter.Created;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
@Import({JobList.class, KnownJobs.class, JobCounts.class, EndedJobs.class, JobPlansContract.Plans.class})
abstract class JobPlansContract {

    /** Jobs that have not ended, and rows of one cluster or label, are below this; those of the owner with half of all jobs are not. */
    private static final long FEW = 20_000;

    /** Tables that have rows of all jobs. */
    private static final Pattern READS_ALL = Pattern.compile("Seq Scan on (job|job_label|job_event|run) ");

    private static final Set<JobState> LIVE = EnumSet.of(JobState.SUBMITTING, JobState.PENDING, JobState.RUNNING);
    private static final Set<JobState> ALIVE =
            EnumSet.of(JobState.RECEIVING, JobState.QUEUED, JobState.SUBMITTING, JobState.PENDING, JobState.RUNNING);
    private static final Instant START = MinuteIds.START;

    private final List<String> readTooMuch = new ArrayList<>();

    @Autowired
    private ReadPlans plans;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobList list;

    @Autowired
    private JobCounts counts;

    @Autowired
    private EndedJobs ended;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private Cleanups cleanups;

    @TestConfiguration(proxyBeanMethods = false)
    static class Plans {
        @Bean
        static ReadPlans readPlans() {
            return new ReadPlans();
        }
    }

    abstract boolean findsPartsOfNames();

    abstract boolean findsJobsOfClusters();

    @Test
    void readsLittleForEachPageOfAList() {
        page(new JobFilter(null, null, Set.of(), Map.of(), null, ANY_TIME, null));
        page(new JobFilter("owner7", null, Set.of(), Map.of(), null, ANY_TIME, null));
        page(new JobFilter("owner7", null, Set.of(), Map.of(), null, ANY_TIME, id(500_000)));
        page(new JobFilter("owner7", null, Set.of(JobState.RUNNING), Map.of(), null, ANY_TIME, null));
        page(new JobFilter("owner7", null, Set.of(JobState.FAILED), Map.of(), null, ANY_TIME, null));
        page(new JobFilter(null, null, Set.of(JobState.RUNNING), Map.of(), null, ANY_TIME, null));
        page(new JobFilter(null, null, Set.of(JobState.FAILED), Map.of(), null, ANY_TIME, null));
        page(new JobFilter(null, null, Set.of(JobState.FAILED), Map.of(), null, ANY_TIME, id(300_000)));
        page(new JobFilter(null, null, ALIVE, Map.of(), null, ANY_TIME, null));
        page(new JobFilter("big", null, Set.of(), Map.of(), null, ANY_TIME, null));
        page(new JobFilter("big", null, Set.of(), Map.of(), null, ANY_TIME, id(500_000)));
        page(new JobFilter("big", null, Set.of(JobState.FAILED), Map.of(), null, ANY_TIME, null));
        page(new JobFilter("big", null, Set.of(), Map.of("team", "t7"), null, ANY_TIME, null));
        page(new JobFilter("big", null, Set.of(), Map.of(), "report", ANY_TIME, null));
        page(new JobFilter(null, null, Set.of(), Map.of("build", "1230"), null, ANY_TIME, null));
        page(new JobFilter(null, null, Set.of(), Map.of("team", "t7", "build", "70"), null, ANY_TIME, null));
        JobFilter anHour = new JobFilter(null, null, Set.of(), Map.of(), null, new Created(at(1000), at(1060)), null);
        page(anHour);
        assertThat(list.page(anHour, 50).items()).as("there is a job a minute").hasSize(50);
        page(new JobFilter("owner7", null, Set.of(), Map.of(), null, new Created(at(1000), at(1060)), null));
        page(new JobFilter(null, null, Set.of(), Map.of(), "report", ANY_TIME, null));
        pagesOfClusters();
        if (findsPartsOfNames()) {
            page(new JobFilter(null, null, Set.of(), Map.of(), "special-77", ANY_TIME, null));
        }
        assertThat(readTooMuch).isEmpty();
    }

    @Test
    void readsLittleForEachOrderAndEachCount() {
        for (JobOrder order : JobOrder.values()) {
            for (String owner : new String[] {null, "owner7", "big"}) {
                for (String after : new String[] {null, id(500_000)}) {
                    JobFilter filter = new JobFilter(owner, null, Set.of(), Map.of(), null, ANY_TIME, null);
                    ask(() -> list.page(new JobListing(filter, null, order, after), 50));
                }
            }
        }
        JobFilter all = new JobFilter(null, null, Set.of(), Map.of(), null, ANY_TIME, null);
        ask(() -> list.page(new JobListing(all, id(77).substring(0, 24), JobOrder.NEWEST, null), 50));
        ask(() -> jobs.anyIdBegins(id(77).substring(0, 24), "owner7"));
        ask(() -> jobs.newestNamed("big", "job-report", Limit.of(30)));
        ask(() -> jobs.newestNamed("owner7", "none", Limit.of(30)));
        ask(() -> counts.of(null, null));
        ask(() -> counts.of("owner7", null));
        ask(() -> counts.of("big", START));
        assertThat(readTooMuch).isEmpty();
    }

    private void pagesOfClusters() {
        for (String cluster : List.of("c7", "gone")) {
            for (String owner : new String[] {null, "owner7"}) {
                page(onCluster(owner, cluster, JobState.QUEUED));
                page(onCluster(owner, cluster, JobState.RUNNING));
                page(onCluster(owner, cluster, JobState.SUBMITTING, JobState.PENDING));
                page(onCluster(owner, cluster, JobState.FAILED));
                page(onCluster(owner, cluster, JobState.RECEIVING));
            }
            page(onCluster("owner7", cluster));
        }
        page(onCluster(null, "c7"));
        page(new JobFilter(null, "c7", Set.of(), Map.of(), null, ANY_TIME, id(500_000)));
        page(onCluster("big", "c6"));
        page(onCluster("big", "c6", JobState.RUNNING));
        page(onCluster("big", "c6", JobState.FAILED));
        if (findsJobsOfClusters()) {
            page(onCluster(null, "gone"));
            page(onCluster("big", "gone"));
        }
    }

    private static JobFilter onCluster(String owner, String cluster, JobState... states) {
        return new JobFilter(owner, cluster, Set.of(states), Map.of(), null, ANY_TIME, null);
    }

    @Test
    void readsLittleForEachTurnOfTheLoop() {
        ask(() -> jobs.findByClusterAndStateInOrderById("c7", LIVE));
        ask(() -> jobs.queueOf("c7"));
        ask(() -> jobs.oldestOfLine("c7", JobState.QUEUED, 0, "owner7", Limit.of(3)));
        ask(() -> jobs.givenBack("c7", Limit.of(3)));
        ask(() -> jobs.launchesDue(START, Limit.of(100)));
        ask(() -> jobs.unsentLaunchesDue(Instant.EPOCH, START, Limit.of(100)));
        ask(() -> jobs.findByStateAndHeartbeatAtBefore(JobState.RECEIVING, START));
        ask(() -> jobs.findByStateAndQueueDeadlineAtLessThanEqual(JobState.QUEUED, START));
        ask(() -> jobs.clustersOf(LIVE));
        ask(() -> jobs.countByClusterAndState(ALIVE));
        ask(() -> jobs.versionsOf(List.of(id(1), id(77), id(900))));
        ask(() -> jobs.runsOf(List.of(id(1) + "-1", id(77) + "-1")));
        ask(() -> jobs.eventsOf(new JobId(id(77))));
        ask(() -> jobs.runsExpectingAnApplication(START, Limit.of(9)));
        ask(() -> jobs.runsExpectingACause(START, Limit.of(9)));
        ask(() -> cleanups.findByCluster("c7"));
        ask(() -> cleanups.clusters());
        ask(() -> cleanups.runsWaiting("c7", Limit.of(60)));
        ask(() -> cleanups.runsOf("cleanup-7"));
        assertThat(readTooMuch).isEmpty();
    }

    @Test
    void readsLittleForEachSubmission() {
        ask(() -> jobs.countByOwnerAndStateIn("owner7", ALIVE));
        ask(() -> jobs.countByOwnerAndStateIn("owner7", EnumSet.of(JobState.RECEIVING, JobState.QUEUED)));
        ask(() -> jobs.findByOwnerAndIdempotencyKey("owner7", "none"));
        ask(() -> jobs.existsByProjectIdAndOwner("p7", "owner7"));
        ask(() -> jobs.existsByEnvironmentIdAndOwner("p7", "owner7"));
        assertThat(readTooMuch).isEmpty();
    }

    @Test
    void readsLittleForEachBatchOfRetention() {
        ask(() -> ended.endedBefore(at(100), Optional.empty(), 50));
        ask(() -> ended.endedBefore(START.minus(Duration.ofDays(1)), Optional.empty(), 50));
        ask(() -> artifacts.findByMarkedAtBeforeOrderByMarkedAt(at(100), Limit.of(50)));
        ask(() -> artifacts.references("p7"));
        ask(() -> artifacts.findUnreferenced(at(1_000_000), 50));
        assertThat(readTooMuch).isEmpty();
    }

    private void page(JobFilter filter) {
        ask(() -> list.page(filter, 50));
    }

    private void ask(Runnable question) {
        List<String> asked = plans.of(question);
        assertThat(asked).isNotEmpty();
        asked.stream()
                .filter(plan -> READS_ALL.matcher(plan).find() || ReadPlans.mostRows(plan) > FEW)
                .forEach(readTooMuch::add);
    }

    private static String id(int number) {
        return MinuteIds.id(number);
    }

    private static Instant at(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    /** The schema before the indexes, the jobs, then the indexes: as fast as it gets, and how a database of an older version goes. */
    static void fill(Databases.Database database, String vendor, int total, DynamicPropertyRegistry properties) {
        String series = vendor.equals("h2")
                ? "system_range(1, " + total + ") as s(g)"
                : "generate_series(1, " + total + ") as s(g)";
        migrate(database, "2", "classpath:db/migration");
        boolean h2 = vendor.equals("h2");
        List<String> indexes = indexesOfJobs();
        List<String> statements = new ArrayList<>();
        // What refers to what is right by itself here.
        statements.add(h2 ? "set referential_integrity false" : "set session_replication_role = replica");
        indexes.forEach(index -> statements.add("drop index " + index.split(" ")[2]));
        statements.addAll(rows(series, total));
        statements.addAll(indexes);
        statements.add(h2 ? "set referential_integrity true" : "set session_replication_role = default");
        execute(database, statements);
        migrate(database, "9", "classpath:db/migration", "classpath:db/indexes/" + vendor);
        execute(
                database,
                List.of(
                        "insert into run (submission_key, job_id, attempt, sender, intent_at, remote_id) select id ||"
                                + " '-1', id, 1, 'test', created_at, 's-' || id from job where state <> 'QUEUED'",
                        "insert into job_event (job_id, at, to_state, changed_by)"
                                + " select id, created_at, 'QUEUED', 'test' from job where id < '"
                                + id(200_000) + "'"));
        migrate(database, "latest", "classpath:db/migration", "classpath:db/indexes/" + vendor);
        execute(database, List.of(h2 ? "analyze" : "vacuum analyze"));
        database.configure(properties);
    }

    private static List<String> rows(String series, int total) {
        return List.of(
                "insert into artifact (id, size_bytes, created_at) select 'p' || g, 1, timestamp with time zone"
                        + " '2030-01-01 00:00:00+00' from " + series + " where g <= 10000",
                "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, changes,"
                        + " attempt, priority, created_at, heartbeat_at, queued_at, queue_deadline_at, started_at,"
                        + " ended_at) select " + MinuteIds.sql() + ", 0, case when mod(g, 2) = 0 then 'big' else"
                        + " 'owner' || mod(g, 200) end, case when mod(g, 100000) = 77 then 'Special-' || mod(g, 1000) else"
                        + " 'job-report' end, 'c' || mod(g, 12), 'p' || (1 + mod(g, 10000)),"
                        + " '{\"program\":{\"arguments\":[]},\"sparkConf\":{},\"environment\":{},\"labels\":{},\"limits\":{\"maxAttempts\":1}}',"
                        + " 'f', case when g > " + (total - 3000) + " then 'QUEUED'"
                        + " when g > " + (total - 4000) + " then 'RUNNING'"
                        + " when g > " + (total - 4500) + " then 'PENDING' when mod(g, 13) = 0 then 'FAILED' when"
                        + " mod(g, 101) = 0 then 'CANCELLED' else 'SUCCEEDED' end, 3,"
                        + " 1, 0,"
                        + " " + time("g") + ", " + time("g") + ", " + time("g") + ", " + time("g + 60") + ", "
                        + time("g") + ", case when g > " + (total - 4500) + " then null else " + time("g + 5") + " end"
                        + " from " + series,
                "insert into job_label (job_id, label_key, label_value) select " + MinuteIds.sql() + ","
                        + " 'team', 't' || mod(g / 10, 50) from " + series + " where mod(g, 10) = 0",
                "insert into job_label (job_id, label_key, label_value) select " + MinuteIds.sql() + ","
                        + " 'build', cast(g as varchar) from " + series + " where mod(g, 10) = 0");
    }

    /** Those that the first migration makes; making them once, afterwards, is faster. */
    private static List<String> indexesOfJobs() {
        try (InputStream first = JobPlansContract.class.getResourceAsStream("/db/migration/V1__jobs.sql")) {
            return Pattern.compile("create index \\w+ on job \\([^;]+")
                    .matcher(new String(first.readAllBytes(), UTF_8))
                    .results()
                    .map(MatchResult::group)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void migrate(Databases.Database database, String target, String... locations) {
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations(locations)
                .target(target)
                .load()
                .migrate();
    }

    /** A job a minute. */
    private static String time(String minutes) {
        return "timestamp with time zone '2030-01-01 00:00:00+00' + (" + minutes + ") * interval '1' minute";
    }

    private static void execute(Databases.Database database, List<String> all) {
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
