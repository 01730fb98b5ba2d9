package io.slipway.jobs.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.PersistenceTest;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumSet;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A million jobs of 200 owners in 30 days, of a database that was made before there were daily numbers. */
@PersistenceTest
@Import({EndedJobCounter.class, DailyNumbers.class})
@Tag("full")
class DailyNumbersAtAMillionIT {

    private static final int JOBS = 1_000_000;
    private static final LocalDate LAST = LocalDate.of(2030, 1, 30);
    private static final Duration SOON = Duration.ofMillis(500);

    @Autowired
    private EndedJobCounter counter;

    @Autowired
    private DailyNumbers numbers;

    @Autowired
    private Jobs jobs;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        Databases.Database database = Databases.postgres();
        fill(database);
        database.configure(properties);
    }

    @Test
    void areCountedOnceAndDrawnWithoutASlowQuery() {
        for (String owner : new String[] {null, "owner7", "nobody"}) {
            JobStats uncounted = soon(owner + "'s overview before", () -> numbers.of(owner, LAST.minusDays(29), LAST));
            assertThat(uncounted.uncounted()).isEqualTo(owner == null ? 10_000 : owner.equals("nobody") ? 0 : 4995);
        }
        long start = System.nanoTime();
        int counted = 0;
        Duration longest = Duration.ZERO;
        int batch;
        do {
            long before = System.nanoTime();
            batch = counter.countNext(10_000);
            counted += batch;
            longest = longest.compareTo(since(before)) > 0 ? longest : since(before);
        } while (batch > 0);
        System.out.printf("counted %d jobs in %s, longest batch %s%n", counted, since(start), longest);
        assertThat(counted).isEqualTo(JOBS - 1000);
        assertThat(longest).isLessThan(Duration.ofSeconds(10));

        JobStats all = soon("everybody's overview", () -> numbers.of(null, LAST.minusDays(29), LAST));
        assertThat(all.ends().all()).isEqualTo(JOBS - 1000);
        assertThat(all.owners()).hasSize(50);
        assertThat(all.uncounted()).isZero();
        JobStats one = soon("one owner's overview", () -> numbers.of("owner7", LAST.minusDays(29), LAST));
        assertThat(one.ends().all()).isBetween(4_900L, 5_000L);
        soon("what is alive", () -> jobs.countByClusterAndState(EnumSet.of(JobState.QUEUED, JobState.RUNNING)));
        soon("what is alive of one", () -> jobs.countOfOwner("owner7", EnumSet.of(JobState.QUEUED, JobState.RUNNING)));
    }

    private static <T> T soon(String what, java.util.function.Supplier<T> read) {
        long start = System.nanoTime();
        T result = read.get();
        System.out.printf("%s took %s%n", what, since(start));
        assertThat(since(start)).as(what).isLessThan(SOON);
        return result;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static void fill(Databases.Database database) {
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration")
                .target("2")
                .load()
                .migrate();
        String time = "timestamp with time zone '2030-01-01 00:00:00+00' + g * interval '2.5 seconds'";
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("insert into artifact (id, size_bytes, created_at) values ('p', 1, now())");
            statement.execute(
                    "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, reason_code, changes,"
                            + " attempt, priority, created_at, heartbeat_at, queued_at, started_at, ended_at)"
                            + " select lpad(cast(g as varchar), 26, '0'), 0, 'owner' || mod(g, 200), 'n', 'c', 'p', '{}', 'f',"
                            + " case when g > " + (JOBS - 1000)
                            + " then 'RUNNING' when mod(g, 13) = 0 then 'FAILED' else 'SUCCEEDED' end,"
                            + " case when mod(g, 13) = 0 then 'RUN_FAILED' end, 3, 1, 0, " + time + ", " + time + ", "
                            + time
                            + ", " + time + " + mod(g, 97) * interval '1 second', case when g > " + (JOBS - 1000)
                            + " then null else " + time
                            + " + mod(g, 97) * interval '1 second' + mod(g * 1019, 7200) * interval '1 second' end"
                            + " from generate_series(1, " + JOBS + ") as s(g)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration", "classpath:db/indexes/postgresql")
                .load()
                .migrate();
    }
}
