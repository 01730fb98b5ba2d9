package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database whose labels did not say whose jobs they are of. */
final class LabelMigration {

    private final Databases.Database database;
    private final String vendor;
    private final JdbcTemplate jdbc;

    private LabelMigration(Databases.Database database, String vendor) {
        this.database = database;
        this.vendor = vendor;
        this.jdbc = new JdbcTemplate(new DriverManagerDataSource(database.url(), database.user(), database.password()));
    }

    static void tellsOwnersAndClusters(Databases.Database database, String vendor, boolean hasOlderReplicas) {
        LabelMigration migration = new LabelMigration(database, vendor);
        migration.to("36");
        migration.insertJob("before");
        migration.insertLabel("before");
        migration.to("latest");
        assertThat(migration.labelOf("before")).containsEntry("owner", "ann").containsEntry("cluster", "c");
        if (hasOlderReplicas) {
            migration.insertJob("by-an-older-replica");
            migration.insertLabel("by-an-older-replica");
            assertThat(migration.labelOf("by-an-older-replica"))
                    .containsEntry("owner", "ann")
                    .containsEntry("cluster", "c");
        }
    }

    private void insertJob(String id) {
        jdbc.update("insert into artifact (id, size_bytes, created_at) values (?, 1, current_timestamp)", id);
        jdbc.update(
                "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, changes, attempt,"
                        + " created_at, heartbeat_at) values (?, 0, 'ann', 'n', 'c', ?, '{}', 'f', 'QUEUED', 0, 1, current_timestamp,"
                        + " current_timestamp)",
                id,
                id);
    }

    private void insertLabel(String jobId) {
        jdbc.update("insert into job_label (job_id, label_key, label_value) values (?, 'team', 'pricing')", jobId);
    }

    private Map<String, Object> labelOf(String jobId) {
        return jdbc.queryForMap(
                "select owner, cluster from job_label where job_id = ? and label_key = 'team' and label_value = 'pricing'",
                jobId);
    }

    private void to(String target) {
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration", "classpath:db/indexes/" + vendor)
                .target(target)
                .load()
                .migrate();
    }
}
