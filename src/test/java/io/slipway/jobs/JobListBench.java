package io.slipway.jobs;

import io.slipway.Databases;
import io.slipway.PersistenceTest;
import io.slipway.jobs.JobFilter.Created;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * How long a page of a list takes among very many jobs ({@code -Dslipway.bench.jobs}, a million): by each thing that it can be filtered by,
 * by any two of them, the first page and the one behind as many jobs as a thousand pages of the whole list have. Among the values are common and rare ones, and pairs of common ones that seldom
 * or never meet. The times include what the database's own process takes; processor time is this thread's, so of H2 all of it.
 */
@PersistenceTest
@Import({JobList.class, JobCounts.class, KnownJobs.class})
abstract class JobListBench {

    private static final int JOBS = Integer.getInteger("slipway.bench.jobs", 1_000_000);
    private static final int CALLS = Integer.getInteger("slipway.bench.calls", 100);
    private static final int WARM = Math.max(5, CALLS / 5);

    /** Of 50 jobs each. */
    private static final int PAGE = 50;

    /** Rows of one statement: a database keeps what it may have to undo, H2 in memory. */
    private static final int CHUNK = 50_000;

    private static final String OWNER = "case when mod(g, 2) = 0 then 'big' else 'owner' || mod(g, 200) end";
    private static final String CLUSTER =
            "case when g <= " + JOBS / 50 + " then 'old' when mod(g, 5) < 3 then 'c0' else 'c' || mod(g, 12) end";

    private static final String PROJECT = "ab".repeat(32);

    private static final Instant START = MinuteIds.START;
    private static final JobFilter ALL = new JobFilter(null, null, Set.of(), Map.of(), null, Created.ANY_TIME, null);

    private static final Pattern NAME_OF_INDEX = Pattern.compile("(?i)^create (?:unique )?index (\\S+) on ");
    private static final Pattern OF_JOBS =
            Pattern.compile("(?i)^create index .* on \"?public\"?[.]\"?(job|job_label|run)\"?[ (]");

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Autowired
    private JobList list;

    @Autowired
    private JobCounts counts;

    private record Part(String kind, String value, UnaryOperator<JobFilter> filter) {}

    private static final List<Part> PARTS = List.of(
            state(JobState.RUNNING),
            state(JobState.FAILED),
            state(JobState.SUCCEEDED),
            label("env", "prod"),
            label("team", "t7"),
            label("era", "old"),
            label("build", "1230"),
            name("report"),
            name("report-77"),
            name("special-77"),
            owner("big"),
            owner("owner7"),
            cluster("c0"),
            cluster("c7"),
            cluster("old"),
            created("an hour", 0.5, 0.5 + 60.0 / JOBS),
            created("a month", 0.4, 0.4 + 43_200.0 / JOBS),
            created("oldest half", 0, 0.5));

    @Test
    void printsATable() {
        List<String> slow = new ArrayList<>();
        System.out.printf(
                "| %s, %,d jobs | found | p50 ms | p99 ms | cpu ms |%n|---|---|---|---|---|%n", database(), JOBS);
        filters().forEach((title, filter) -> {
            measure(title + ", first page", filter, slow);
            measure(title + ", 1000th page", before(filter, MinuteIds.id(Math.max(1, JOBS - 999 * PAGE))), slow);
        });
        System.out.printf("p99 of 20 ms or more: %d%n", slow.size());
        slow.forEach(line -> System.out.println("slow: " + line));
        counts("counts of a page, everybody's", null);
        counts("counts of a page, big", "big");
    }

    abstract String database();

    private Map<String, JobFilter> filters() {
        String only = System.getProperty("slipway.bench.only", "");
        Map<String, JobFilter> all = new LinkedHashMap<>();
        all.put("all", ALL);
        for (Part one : PARTS) {
            all.put(one.value, one.filter.apply(ALL));
        }
        for (Part one : PARTS) {
            for (Part other : PARTS.subList(PARTS.indexOf(one) + 1, PARTS.size())) {
                if (!one.kind.equals(other.kind)) {
                    all.put(one.value + " & " + other.value, other.filter.apply(one.filter.apply(ALL)));
                }
            }
        }
        all.keySet().removeIf(title -> !title.contains(only));
        return all;
    }

    private static JobFilter before(JobFilter filter, String id) {
        return new JobFilter(
                filter.owner(),
                filter.cluster(),
                filter.states(),
                filter.labels(),
                filter.name(),
                filter.created(),
                id);
    }

    private void measure(String title, JobFilter filter, List<String> slow) {
        int found = list.page(filter, PAGE).items().size();
        String line = timed(title, found, () -> list.page(filter, PAGE));
        if (line.endsWith("!")) {
            slow.add(line);
        }
    }

    private void counts(String title, @Nullable String owner) {
        timed(title, 0, () -> counts.of(owner, null));
    }

    private static String timed(String title, int found, Runnable call) {
        long began = System.nanoTime();
        call.run();
        // What takes seconds is not waited for a hundred times.
        boolean isHopeless = System.nanoTime() - began > 1_000_000_000L;
        IntStream.range(0, isHopeless ? 0 : WARM).forEach(round -> call.run());
        long cpu = THREADS.getCurrentThreadCpuTime();
        long[] times = IntStream.range(0, isHopeless ? 3 : CALLS)
                .mapToLong(round -> {
                    long from = System.nanoTime();
                    call.run();
                    return System.nanoTime() - from;
                })
                .sorted()
                .toArray();
        double each = (THREADS.getCurrentThreadCpuTime() - cpu) / 1e6 / times.length;
        double p99 = times[(int) Math.ceil(times.length * 0.99) - 1] / 1e6;
        String line = "| %s | %d | %.2f | %.2f | %.2f |%s"
                .formatted(title, found, times[times.length / 2] / 1e6, p99, each, p99 >= 20 ? " !" : "");
        System.out.println(line);
        return line;
    }

    private static Part state(JobState state) {
        return new Part(
                "state",
                state.name(),
                f -> new JobFilter(f.owner(), f.cluster(), Set.of(state), f.labels(), f.name(), f.created(), null));
    }

    private static Part label(String key, String value) {
        return new Part(
                "label",
                key + "=" + value,
                f -> new JobFilter(
                        f.owner(), f.cluster(), f.states(), Map.of(key, value), f.name(), f.created(), null));
    }

    private static Part name(String name) {
        return new Part(
                "name",
                "name " + name,
                f -> new JobFilter(f.owner(), f.cluster(), f.states(), f.labels(), name, f.created(), null));
    }

    private static Part owner(String owner) {
        return new Part(
                "owner",
                owner,
                f -> new JobFilter(owner, f.cluster(), f.states(), f.labels(), f.name(), f.created(), null));
    }

    private static Part cluster(String cluster) {
        return new Part(
                "cluster",
                "cluster " + cluster,
                f -> new JobFilter(f.owner(), cluster, f.states(), f.labels(), f.name(), f.created(), null));
    }

    private static Part created(String title, double from, double to) {
        Created created = new Created(at((long) (from * JOBS)), at((long) (to * JOBS)));
        return new Part(
                "time",
                title,
                f -> new JobFilter(f.owner(), f.cluster(), f.states(), f.labels(), f.name(), created, null));
    }

    private static Instant at(long minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    /** The tables without their indexes, the jobs, then the indexes: as fast as it gets. */
    static void fill(Databases.Database database, String vendor, DynamicPropertyRegistry properties) {
        boolean h2 = vendor.equals("h2");
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration", "classpath:db/indexes/" + vendor)
                .load()
                .migrate();
        List<String> all = new ArrayList<>();
        all.add(h2 ? "set referential_integrity false" : "set session_replication_role = replica");
        all.add("insert into artifact (id, size_bytes, created_at) values ('" + PROJECT + "', 1, " + time("0") + ")");
        for (int first = 1; first <= JOBS; first += CHUNK) {
            all.addAll(rows(h2, first, Math.min(JOBS, first + CHUNK - 1)));
        }
        all.add(h2 ? "set referential_integrity true" : "set session_replication_role = default");
        execute(database, h2, all);
        database.configure(properties);
    }

    private static List<String> rows(boolean h2, int first, int last) {
        String series = (h2 ? "system_range(" : "generate_series(") + first + ", " + last + ") as s(g)";
        int live = JOBS - 4500;
        List<String> all = new ArrayList<>();
        all.add(
                "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, changes, attempt,"
                        + " priority, created_at, heartbeat_at, queued_at, started_at, ended_at) select "
                        + MinuteIds.sql()
                        + ", 0,"
                        + " " + OWNER + ","
                        + " case when mod(g, 100000) = 77 then 'Special-' || mod(g, 1000) else 'report-' || mod(g / 3, 500) end,"
                        + " " + CLUSTER + ","
                        + " '" + PROJECT
                        + "', '{\"program\":{\"entryPoint\":\"main.py\",\"arguments\":[\"--day\",\"2030-01-01\"]},\"sparkConf\":"
                        + "{\"spark.executor.memory\":\"4g\"},\"environment\":{},\"labels\":{\"env\":\"prod\",\"team\":\"t7\"},"
                        + "\"limits\":{\"maxAttempts\":1}}', 'f',"
                        + " case when g > " + (live + 1500) + " then 'QUEUED' when g > " + (live + 500)
                        + " then 'RUNNING'"
                        + " when g > " + live
                        + " then 'PENDING' when mod(g, 13) = 0 then 'FAILED' when mod(g, 101) = 0 then 'CANCELLED'"
                        + " else 'SUCCEEDED' end, 3, 1, 0, " + time("g") + ", " + time("g") + ", " + time("g") + ", "
                        + time("g")
                        + ", case when g > " + live + " then null else " + time("g + 5") + " end from " + series);
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("'env', 'prod'", "mod(g, 2) = 0");
        labels.put("'env', 'dev'", "mod(g, 2) = 1 and mod(g, 10) < 6");
        labels.put("'team', 't' || mod(g / 2, 50)", "g > 0");
        labels.put("'era', 'old'", "g <= " + JOBS / 20);
        labels.put("'build', cast(g as varchar)", "mod(g, 10) = 0");
        labels.forEach((label, which) -> all.add(
                "insert into job_label (job_id, label_key, label_value, owner, cluster) select " + MinuteIds.sql()
                        + ", " + label + ", " + OWNER + ", " + CLUSTER + " from " + series + " where " + which));
        all.add(
                "insert into run (submission_key, job_id, attempt, sender, intent_at, remote_id) select id || '-1', id, 1,"
                        + " 'test', created_at, 's-' || id from job where state <> 'QUEUED' and id between '"
                        + MinuteIds.id(first)
                        + "' and '" + MinuteIds.id(last) + "'");
        return all;
    }

    /** A job a minute. */
    private static String time(String minutes) {
        return "timestamp with time zone '2030-01-01 00:00:00+00' + (" + minutes + ") * interval '1' minute";
    }

    private static void execute(Databases.Database database, boolean h2, List<String> all) {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            List<String> indexes = indexes(statement, h2);
            for (String index : indexes) {
                statement.execute("drop index "
                        + NAME_OF_INDEX
                                .matcher(index)
                                .results()
                                .findFirst()
                                .orElseThrow()
                                .group(1));
            }
            for (String sql : all) {
                statement.execute(sql);
            }
            for (String index : indexes) {
                statement.execute(index);
            }
            statement.execute(h2 ? "analyze" : "vacuum analyze");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** That are no constraints. */
    private static List<String> indexes(Statement statement, boolean h2) throws SQLException {
        List<String> indexes = new ArrayList<>();
        try (ResultSet found = statement.executeQuery(
                h2
                        ? "script nodata"
                        : "select indexdef from pg_indexes where tablename in ('job', 'job_label', 'run') and indexdef not"
                                + " like '%UNIQUE%'")) {
            while (found.next()) {
                if (OF_JOBS.matcher(found.getString(1)).find()) {
                    indexes.add(found.getString(1));
                }
            }
        }
        return indexes;
    }
}
