package io.slipway.reconcile;

import io.slipway.vitals.Faults;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Holds the lease as long as it renews it; gives it back on a clean stop as soon as the loop has stopped, while requests that wait for
 * something may still keep the service for half a minute.
 */
final class LeasedLeadership implements Leadership, SmartLifecycle {

    /** The lease is given back by a thread of its own. */
    private static final Duration RELEASE = Duration.ofSeconds(3);

    private final LockRegistryLeaderInitiator initiator;
    private final TimedLocks locks;

    private LeasedLeadership(LockRegistryLeaderInitiator initiator, TimedLocks locks) {
        this.initiator = initiator;
        this.locks = locks;
    }

    static LeasedLeadership in(
            DataSource database, PlatformTransactionManager transactions, Duration lease, Faults faults, Clock clock) {
        DefaultLockRepository rows = new DefaultLockRepository(database);
        rows.setTransactionManager(transactions);
        rows.afterPropertiesSet();
        rows.afterSingletonsInstantiated();
        TimedLocks locks = new TimedLocks(rows, clock);
        LockRegistryLeaderInitiator initiator = new LockRegistryLeaderInitiator(
                new JdbcLockRegistry(locks, lease),
                new DefaultCandidate(LeadershipConfiguration.SELF, "slipway-leader"));
        initiator.setTaskExecutor(new LeaseThread(faults));
        long beat = Math.max(100, lease.toMillis() / 5);
        initiator.setHeartBeatMillis(beat);
        initiator.setBusyWaitMillis(beat);
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
    public void start() {
        initiator.start();
    }

    @Override
    public void stop() {
        initiator.stop();
        locks.awaitRelease(RELEASE);
    }

    @Override
    public boolean isRunning() {
        return initiator.isRunning();
    }

    /** Starts before the loop and stops right after it. */
    @Override
    public int getPhase() {
        return Loop.PHASE - 1;
    }
}
