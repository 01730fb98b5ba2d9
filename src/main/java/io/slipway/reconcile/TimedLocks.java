package io.slipway.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.springframework.integration.jdbc.lock.LockRepository;

/**
 * Knows until when the one lock that is taken through it is surely ours: its time is counted from before the database was asked, so
 * that a process which was stopped for longer than the lease knows it the moment it goes on, before any renewal has failed.
 */
final class TimedLocks implements LockRepository {

    private final LockRepository locks;
    private final Clock clock;
    private volatile Instant heldUntil = Instant.MIN;
    private volatile long term;
    private boolean owned;

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
        }
        heldUntil = ours ? asked.plus(ttl) : Instant.MIN;
        owned = ours;
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
        released();
        return deleted;
    }

    private synchronized void released() {
        owned = false;
        notifyAll();
    }

    /** Returns when the lock that was taken through it is given back, or after so long. */
    synchronized void awaitRelease(Duration longest) {
        long until = System.nanoTime() + longest.toNanos();
        try {
            for (long left = longest.toMillis(); owned && left > 0; left = millisUntil(until)) {
                wait(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static long millisUntil(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
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
