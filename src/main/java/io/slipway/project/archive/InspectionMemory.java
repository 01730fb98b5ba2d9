package io.slipway.project.archive;

import io.slipway.project.InspectionsBusy;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * The part of the heap that projects have while they are looked at, shared by all of them. Each begins with a small part; the few that
 * outgrow it take one large part, which is enough for the largest project that the limits allow. What some decompressors hold besides,
 * or have the system hold, is a part of its own. All wait for the small part first, then for that of a decompressor, then for the large
 * one, so nobody waits in a circle.
 */
public final class InspectionMemory {

    /** Enough for ten thousand entries with usual names. */
    static final long SMALL = 4L << 20;

    // Measured: table, index, order and what is made of them while a project is checked, planned and shown.
    private static final long BYTES_OF_AN_ENTRY = 200;

    private static final long SHARE_OF_SMALL = 8;
    private static final long SHARE_OF_LARGE = 3;
    private static final long SHARE_OF_WINDOWS = 6;

    private final Semaphore small;
    private final Semaphore large;
    private final int allLarge;
    private final Semaphore windows;
    private final Duration longestWait;

    /**
     * @param heap bytes, of which somewhat less than half is shared here
     * @param longestWait how long an inspection may wait for its part
     */
    public InspectionMemory(long heap, ArchiveLimits limits, Duration longestWait) {
        this.small = slots(heap / SHARE_OF_SMALL, SMALL);
        this.large = slots(heap / SHARE_OF_LARGE, largest(limits));
        this.allLarge = large.availablePermits();
        // In megabytes; always enough for the largest one.
        this.windows = new Semaphore((int) Math.max(Compression.XZ.megabytes(), (heap / SHARE_OF_WINDOWS) >> 20), true);
        this.longestWait = longestWait;
    }

    /** A part for an inspection that nothing else runs beside. */
    public static Share alone() {
        return new InspectionMemory(0, ArchiveLimits.DEFAULTS, Duration.ZERO).share();
    }

    /** @throws InspectionsBusy when the others need too long */
    Share share() {
        return share(1);
    }

    /**
     * @param tables of entries that are held at once, each of which may be as large as the limits allow
     * @throws InspectionsBusy when the others need too long
     */
    Share share(int tables) {
        InspectionsBusy.take(small, longestWait);
        return new Share(tables);
    }

    /** What one inspection may hold at most, in bytes. */
    static long largest(ArchiveLimits limits) {
        return bytes(limits.maxEntries() + limits.freeFolders(), ArchiveLimits.MAX_NAME_BYTES);
    }

    private static long bytes(long entries, long names) {
        return entries * BYTES_OF_AN_ENTRY + names * 5 / 4;
    }

    private static Semaphore slots(long bytes, long each) {
        return new Semaphore((int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / each)), true);
    }

    /** The part of one inspection. Closed by whoever opened it, once. */
    final class Share implements Closeable {

        private final int tables;
        private int largeParts;
        private int window;
        private boolean closed;

        private Share(int tables) {
            this.tables = tables;
        }

        /**
         * Takes what a decompressor holds; before anything else is read, because of the order in which parts are waited for.
         *
         * @throws InspectionsBusy when the others need too long
         */
        void window(int megabytes) {
            if (megabytes > window) {
                noWindow();
                if (largeParts > 0) {
                    throw new IllegalStateException("a window is taken before the large part");
                }
                InspectionsBusy.take(windows, megabytes, longestWait);
                window = megabytes;
            }
        }

        void noWindow() {
            windows.release(window);
            window = 0;
        }

        /**
         * @param entries of the largest table; the others are taken to be as large
         * @throws InspectionsBusy when it takes too long until so much is free
         */
        void holds(long entries, long names) {
            if (largeParts == 0 && tables * bytes(entries, names) > SMALL) {
                outgrow();
            }
        }

        /** Takes the large parts of all tables at once, whatever is held so far: who holds one waits for no other. */
        void outgrow() {
            if (largeParts == 0) {
                int needed = Math.min(tables, allLarge);
                InspectionsBusy.take(large, needed, longestWait);
                largeParts = needed;
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                small.release();
                noWindow();
                large.release(largeParts);
            }
        }
    }
}
