package io.slipway.reconcile;

import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.transaction.PlatformTransactionManager;

/** Holds the lease as long as it renews it; gives it back at once on a clean stop. */
final class LeasedLeadership implements Leadership, AutoCloseable {

    private final LockRegistryLeaderInitiator initiator;
    private final TimedLocks locks;

    private LeasedLeadership(LockRegistryLeaderInitiator initiator, TimedLocks locks) {
        this.initiator = initiator;
        this.locks = locks;
    }

    static LeasedLeadership in(
            DataSource database, PlatformTransactionManager transactions, Duration lease, Clock clock) {
        DefaultLockRepository rows = new DefaultLockRepository(database);
        rows.setTransactionManager(transactions);
        rows.afterPropertiesSet();
        rows.afterSingletonsInstantiated();
        TimedLocks locks = new TimedLocks(rows, clock);
        LockRegistryLeaderInitiator initiator = new LockRegistryLeaderInitiator(
                new JdbcLockRegistry(locks, lease),
                new DefaultCandidate(LeadershipConfiguration.SELF, "slipway-leader"));
        long beat = Math.max(100, lease.toMillis() / 5);
        initiator.setHeartBeatMillis(beat);
        initiator.setBusyWaitMillis(beat);
        initiator.start();
        return new LeasedLeadership(initiator, locks);
    }

    @Override
    public String self() {
        return LeadershipConfiguration.SELF;
    }

    @Override
    public boolean isHeld() {
        return initiator.getContext().isLeader() && locks.isHeld();
    }

    @Override
    public long term() {
        return locks.term();
    }

    @Override
    public void close() {
        initiator.stop();
    }
}
