package io.slipway.jobs.feed;

import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What the suites of the feed share. Nobody polls but the tests. */
@PersistenceTest
@Import({JobTransactions.class, EventFeed.class, JobWatch.class, FeedPersistence.Fixture.class})
abstract class FeedPersistence {

    final String ann = "ann-" + UUID.randomUUID();
    final String bob = "bob-" + UUID.randomUUID();

    @Autowired
    EventFeed feed;

    @Autowired
    JobTransactions transactions;

    @Autowired
    StoredJobs stored;

    @Autowired
    DataSource database;

    @TestConfiguration(proxyBeanMethods = false)
    static class Fixture {
        @Bean
        StoredJobs storedJobs(JobTransactions transactions, Artifacts artifacts) {
            return new StoredJobs(transactions, artifacts);
        }
    }

    Job aJobOf(String owner) {
        return stored.queued(Wanted.of(owner));
    }

    /** A line of history as another replica writes it, in a transaction that the test ends. */
    static void write(Connection open, String jobId, String message) throws SQLException {
        open.setAutoCommit(false);
        try (PreparedStatement insert =
                open.prepareStatement("insert into job_event (job_id, at, from_state, to_state, message, changed_by)"
                        + " values (?, ?, ?, ?, ?, 'test')")) {
            insert.setString(1, jobId);
            insert.setTimestamp(2, Timestamp.from(StoredJobs.NOW));
            insert.setString(3, JobState.QUEUED.name());
            insert.setString(4, JobState.QUEUED.name());
            insert.setString(5, message);
            insert.executeUpdate();
        }
    }

    void written(String jobId, String message) throws SQLException {
        try (Connection connection = database.getConnection()) {
            write(connection, jobId, message);
            connection.commit();
        }
    }
}
