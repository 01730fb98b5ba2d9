package io.slipway.jobs.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The feed's thread on a database that throws what nobody expects. */
class FeedPollerTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger beats = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private FeedPoller poller;

    @AfterEach
    void stop() {
        poller.stop();
    }

    @Test
    void goesOnAfterAnErrorWhichIsCounted() {
        follow(new NoClassDefFoundError("as a test has it"));
        await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() > 1);
        assertThat(meters.get("slipway.faults").tag("part", "feed").counter().count())
                .isPositive();
    }

    @Test
    void beatsWhileTheDatabaseIsAway() {
        follow(new IllegalStateException("the database is away, as a test has it"));
        await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() > 1 && beats.get() > 2);
    }

    private void follow(Throwable fault) {
        EventFeed feed = feed(fault);
        poller = new FeedPoller(feed, List.of(), new Faults(meters), new Heartbeat(beats::incrementAndGet));
        poller.start();
    }

    private EventFeed feed(Throwable fault) {
        AbstractDataSource database = new AbstractDataSource() {
            @Override
            public Connection getConnection() {
                asked.incrementAndGet();
                if (fault instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) fault;
            }

            @Override
            public Connection getConnection(String user, String password) {
                return getConnection();
            }
        };
        return new EventFeed(
                JdbcClient.create(database),
                new JdbcTemplate(database, true),
                new DataSourceTransactionManager(database));
    }
}
