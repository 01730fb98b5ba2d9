package io.slipway.jobs.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database that was in use before there was a feed. */
final class FeedMigration {

    private FeedMigration() {}

    static void numbersWhatWasThere(Databases.Database database, String vendor) {
        migrate(database, vendor, "5.1");
        JdbcTemplate jdbc =
                new JdbcTemplate(new DriverManagerDataSource(database.url(), database.user(), database.password()));
        jdbc.execute("insert into artifact (id, size_bytes, created_at) values ('p', 1, current_timestamp)");
        jdbc.execute(
                "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, changes, attempt,"
                        + " created_at, heartbeat_at) values ('j', 0, 'o', 'n', 'c', 'p', '{}', 'f', 'QUEUED', 0, 1, current_timestamp,"
                        + " current_timestamp)");
        for (int line = 0; line < 3; line++) {
            jdbc.execute("insert into job_event (job_id, at, to_state, changed_by)"
                    + " values ('j', current_timestamp, 'QUEUED', 'o')");
        }
        migrate(database, vendor, "latest");
        List<Long> positions = jdbc.queryForList("select feed_position from job_event order by id", Long.class);
        assertThat(positions).doesNotContainNull().isSorted().hasSize(3);
        assertThat(jdbc.queryForObject("select next_position from feed", Long.class))
                .isEqualTo(positions.get(2) + 1);
    }

    private static void migrate(Databases.Database database, String vendor, String target) {
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration", "classpath:db/indexes/" + vendor)
                .target(target)
                .load()
                .migrate();
    }
}
