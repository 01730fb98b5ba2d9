package io.slipway.project.archive;

import io.slipway.project.InspectionsBusy;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * The part of the heap that projects have while they are looked at, shared by all of them. Each begins with a small part; the few that
 * outgrow it take one large part, which is enough for the largest project that the limits allow. Who has a large part waits for nothing
 * more, so nobody waits in a circle.
 */
public final class InspectionMemory {

    /** Enough for ten thousand entries with usual names. */
    static final long SMALL = 4L << 20;

    // Measured: table, index, order and what is made of them while a project is checked, planned and shown.
    private static final long BYTES_OF_AN_ENTRY = 200;

    private static final long SHARE_OF_SMALL = 8;
    private static final long SHARE_OF_LARGE = 3;

    private final Semaphore small;
    private final Semaphore large;
    private final Duration longestWait;

    /**
     * @param heap bytes, of which somewhat less than half is shared here
     * @param longestWait how long an inspection may wait for its part
     */
    public InspectionMemory(long heap, ArchiveLimits limits, Duration longestWait) {
        this.small = places(heap / SHARE_OF_SMALL, SMALL);
        this.large = places(heap / SHARE_OF_LARGE, largest(limits));
        this.longestWait = longestWait;
    }

    /** A part for an inspection that nothing else runs beside. */
    public static Share alone() {
        return new InspectionMemory(0, ArchiveLimits.DEFAULTS, Duration.ZERO).share();
    }

    /** @throws InspectionsBusy when the others need too long */
    Share share() {
        InspectionsBusy.take(small, longestWait);
        return new Share();
    }

    /** What one inspection may hold at most, in bytes. */
    static long largest(ArchiveLimits limits) {
        return bytes(limits.maxEntries() + limits.freeFolders(), ArchiveLimits.MAX_NAME_BYTES);
    }

    private static long bytes(long entries, long names) {
        return entries * BYTES_OF_AN_ENTRY + names * 5 / 4;
    }

    private static Semaphore places(long bytes, long each) {
        return new Semaphore((int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / each)), true);
    }

    /** The part of one inspection. Closed by whoever opened it, once. */
    final class Share implements Closeable {

        private boolean isLarge;
        private boolean closed;

        /** @throws InspectionsBusy when it takes too long until there is place for so much */
        void holds(long entries, long names) {
            if (!isLarge && bytes(entries, names) > SMALL) {
                outgrow();
            }
        }

        /** Takes the large part, whatever is held so far. */
        void outgrow() {
            if (!isLarge) {
                InspectionsBusy.take(large, longestWait);
                isLarge = true;
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                small.release();
                if (isLarge) {
                    large.release();
                }
            }
        }
    }
}
