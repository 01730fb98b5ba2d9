package io.slipway.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.jdbc.lock.LockRepository;

/**
 * Knows until when the one lock that is taken through it is surely ours: its time is counted from before the database was asked, so
 * that a process which was stopped for longer than the lease knows it the moment it goes on, before any renewal has failed.
 */
final class TimedLocks implements LockRepository {

    private static final Logger log = LoggerFactory.getLogger(TimedLocks.class);

    private final LockRepository locks;
    private final Clock clock;
    private volatile Instant heldUntil = Instant.MIN;
    private volatile long term;
    private volatile CountDownLatch released = new CountDownLatch(0);

    TimedLocks(LockRepository locks, Clock clock) {
        this.locks = locks;
        this.clock = clock;
    }

    boolean isHeld() {
        return clock.instant().isBefore(heldUntil);
    }

    /** How often the lock was taken after a time in which it was not surely ours. */
    long term() {
        return term;
    }

    @Override
    public boolean acquire(String lock, Duration ttl) {
        Instant asked = clock.instant();
        return held(locks.acquire(lock, ttl), asked, ttl);
    }

    @Override
    public boolean renew(String lock, Duration ttl) {
        Instant asked = clock.instant();
        return held(locks.renew(lock, ttl), asked, ttl);
    }

    private synchronized boolean held(boolean ours, Instant asked, Duration ttl) {
        if (ours && !asked.isBefore(heldUntil)) {
            term++;
            released = new CountDownLatch(1);
        }
        heldUntil = ours ? asked.plus(ttl) : Instant.MIN;
        if (!ours) {
            released.countDown();
        }
        return ours;
    }

    @Override
    public boolean isAcquired(String lock) {
        return locks.isAcquired(lock);
    }

    @Override
    public boolean delete(String lock) {
        heldUntil = Instant.MIN;
        boolean deleted = locks.delete(lock);
        released.countDown();
        return deleted;
    }

    /** Returns when the lock that was taken through it is given back, or after so long. */
    void awaitRelease(Duration longest) {
        try {
            boolean inTime = released.await(longest.toMillis(), TimeUnit.MILLISECONDS);
            log.debug("The lease was given back: {}", inTime);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void deleteExpired() {
        locks.deleteExpired();
    }

    @Override
    public void close() {
        heldUntil = Instant.MIN;
        locks.close();
    }
}
