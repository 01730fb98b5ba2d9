package io.slipway.submission;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Work that counts for everybody who asked before it began, such as a forced write: those who ask while it is under way wait, and one of
 * them does it once for all.
 */
final class SharedWork {

    private final Runnable work;
    private final AtomicLong asked = new AtomicLong();
    private final ReentrantLock turn = new ReentrantLock();
    private long done;

    SharedWork(Runnable work) {
        this.work = work;
    }

    /** Returns when the work was done once from beginning to end since the call; throws what it throws. */
    void run() {
        long mine = asked.incrementAndGet();
        turn.lock();
        try {
            if (done < mine) {
                long all = asked.get();
                work.run();
                done = all;
            }
        } finally {
            turn.unlock();
        }
    }
}
