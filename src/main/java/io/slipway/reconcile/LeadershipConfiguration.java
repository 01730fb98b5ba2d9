package io.slipway.reconcile;

import java.lang.management.ManagementFactory;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;

/** One leader: the process that has the H2 file open, or the replica that holds the lease in PostgreSQL. */
@Configuration(proxyBeanMethods = false)
class LeadershipConfiguration {

    /** Tells the replicas apart for people: {@code pid@host}. */
    private static final String SELF = ManagementFactory.getRuntimeMXBean().getName();

    @Bean
    Leadership leadership(DataSource database, PlatformTransactionManager transactions, ReconcileSettings settings)
            throws MetaDataAccessException {
        String product = JdbcUtils.extractDatabaseMetaData(database, metaData -> metaData.getDatabaseProductName());
        return "H2".equals(product) ? new OnlyProcess() : LeasedLeadership.in(database, transactions, settings);
    }

    /** An embedded database is open in one process at a time: whoever runs this code leads. */
    private static final class OnlyProcess implements Leadership {
        @Override
        public String self() {
            return SELF;
        }

        @Override
        public boolean isLeader() {
            return true;
        }
    }

    /** Holds the lease as long as it renews it; gives it back at once on a clean stop. */
    private static final class LeasedLeadership implements Leadership, AutoCloseable {

        private final LockRegistryLeaderInitiator initiator;

        private LeasedLeadership(LockRegistryLeaderInitiator initiator) {
            this.initiator = initiator;
        }

        static LeasedLeadership in(
                DataSource database, PlatformTransactionManager transactions, ReconcileSettings settings) {
            DefaultLockRepository locks = new DefaultLockRepository(database);
            locks.setTransactionManager(transactions);
            locks.afterPropertiesSet();
            locks.afterSingletonsInstantiated();
            LockRegistryLeaderInitiator initiator = new LockRegistryLeaderInitiator(
                    new JdbcLockRegistry(locks, settings.lease()), new DefaultCandidate(SELF, "slipway-leader"));
            long beat = Math.max(100, settings.lease().toMillis() / 5);
            initiator.setHeartBeatMillis(beat);
            initiator.setBusyWaitMillis(beat);
            initiator.start();
            return new LeasedLeadership(initiator);
        }

        @Override
        public String self() {
            return SELF;
        }

        @Override
        public boolean isLeader() {
            return initiator.getContext().isLeader();
        }

        @Override
        public void close() {
            initiator.stop();
        }
    }
}
