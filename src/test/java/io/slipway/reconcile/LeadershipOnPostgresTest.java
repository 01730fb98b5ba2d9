package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.Databases;
import io.slipway.vitals.Faults;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Replicas on one PostgreSQL agree on one leader. */
class LeadershipOnPostgresTest {

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final ReconcileSettings SETTINGS = new ReconcileSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            LEASE,
            Duration.ofMinutes(1),
            Duration.ofMinutes(30),
            Duration.ofSeconds(10));

    private final Databases.Database database = Databases.postgres();
    private final List<Replica> replicas = new ArrayList<>();

    @BeforeEach
    void makeTheTable() {
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations("classpath:db/migration", "classpath:db/indexes/postgresql")
                .load()
                .migrate();
    }

    @AfterEach
    void stop() throws Exception {
        for (Replica replica : replicas) {
            replica.stop();
        }
    }

    @Test
    void onlyOneOfTwoLeads() throws Exception {
        Replica first = replica();
        await().atMost(Duration.ofSeconds(10)).until(first::leads);
        Replica second = replica();
        await().during(LEASE.plusSeconds(1))
                .atMost(Duration.ofSeconds(15))
                .until(() -> first.leads() && !second.leads());
    }

    @Test
    void theOtherLeadsAtOnceWhenTheLeaderStopsCleanly() throws Exception {
        Replica first = replica();
        await().atMost(Duration.ofSeconds(10)).until(first::leads);
        Replica second = replica();
        first.stop();
        // Well within the lease: it was given back.
        await().atMost(LEASE.dividedBy(2)).until(second::leads);
        assertThat(first.leads()).isFalse();
    }

    @Test
    void theOtherLeadsAfterTheLeaseWhenTheLeaderLosesTheDatabaseAndTheyNeverLeadTogether() throws Exception {
        Replica first = replica();
        await().atMost(Duration.ofSeconds(10)).until(first::leads);
        Replica second = replica();
        first.network.cut = true;
        await().pollInterval(Duration.ofMillis(20))
                .atMost(LEASE.multipliedBy(4))
                .until(() -> {
                    assertThat(first.leads() && second.leads()).isFalse();
                    return second.leads();
                });
        assertThat(first.leads()).isFalse();
    }

    private Replica replica() throws Exception {
        Replica replica = new Replica(new Network(database));
        replicas.add(replica);
        return replica;
    }

    private static final class Replica {

        private final Network network;
        private final Leadership leadership;

        Replica(Network network) throws Exception {
            this.network = network;
            this.leadership = new LeadershipConfiguration()
                    .leadership(
                            network,
                            new DataSourceTransactionManager(network),
                            SETTINGS,
                            new Faults(new SimpleMeterRegistry()),
                            Clock.systemUTC());
            ((SmartLifecycle) leadership).start();
        }

        boolean leads() {
            return leadership.isLeader();
        }

        void stop() {
            ((SmartLifecycle) leadership).stop();
        }
    }

    /** A way to the database that can be cut. */
    private static final class Network extends DriverManagerDataSource {

        private volatile boolean cut;

        Network(Databases.Database database) {
            super(database.url(), database.user(), database.password());
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (cut) {
                throw new SQLException("no route to the database", "08001");
            }
            return super.getConnection();
        }
    }
}
