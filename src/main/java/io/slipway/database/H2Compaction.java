package io.slipway.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes H2's file small again while the database is quiet. Each commit writes the pages that it changed anew, tens of kilobytes a
 * time; H2 takes the space of the old ones back in the thread that writes commits late, and with {@code WRITE_DELAY=0} there is none.
 * Pieces are small, so that a commit that comes meanwhile waits for one forced write and no longer.
 */
@Component
class H2Compaction {

    /** Smaller files are left as they are. */
    private static final long WORTH_IT = 1L << 20;

    /** What is moved or written anew at once. */
    private static final int PIECE = 1 << 20;

    /** Commits in a second with which the database still counts as quiet. */
    private static final long FEW = 10;

    /** Of the file that is in use, and of what is in use that is alive: more is not asked for. Percent. */
    private static final int ENOUGH = 75;

    private static final int SECOND = 1000;

    /** For so many looks it must have been quiet. */
    private static final int LOOKS = 5;

    /** Looks between two tries of what could not be made smaller. */
    private static final int PAUSE = 15;

    /**
     * Milliseconds for which H2 writes over nothing that is new, while this works; else it is 45 s, since a disk may take that long by
     * itself to write what it was given. Here it has been forced to before each piece ({@code FileStore.setRetentionTime}).
     */
    private static final int FORCED = 2_000;

    /** Longest work between two looks; half of the time is left to others. */
    private static final Duration TURN = Duration.ofMillis(500);

    private final DataSource pool;
    private final long worthIt;
    private @Nullable MVStore store;
    private boolean isOfFile = true;
    private final Deque<Long> versions = new ArrayDeque<>(List.of(0L));

    /** Commits of the compaction itself. */
    private long own;

    private int pause;

    @Autowired
    H2Compaction(DataSource pool) {
        this(pool, WORTH_IT);
    }

    H2Compaction(DataSource pool, long worthIt) {
        this.pool = pool;
        this.worthIt = worthIt;
    }

    @Scheduled(fixedDelay = SECOND)
    void turn() throws SQLException {
        if (store != null && store.isClosed()) {
            // Closed by a failure; what opens the file again has another one.
            store = null;
        }
        MVStore database = isOfFile ? store() : null;
        if (database == null || database.isClosed() || !(database.getFileStore() instanceof RandomAccessStore file)) {
            return;
        }
        int looks = Math.min(LOOKS, file.getRetentionTime() / SECOND);
        if (isQuiet(database.getCurrentVersion() - own, looks) && file.size() > worthIt) {
            compact(database, file);
        }
    }

    /**
     * Few commits since the last look, and in the looks before.
     *
     * @param version the number of commits of others so far
     */
    private boolean isQuiet(long version, int looks) {
        long sinceLast = version - versions.getLast();
        versions.addLast(version);
        if (versions.size() <= looks + 1) {
            return false;
        }
        while (versions.size() > looks + 2) {
            versions.removeFirst();
        }
        long since = version - versions.getFirst();
        pause = Math.max(0, pause - 1);
        return pause == 0 && sinceLast <= FEW && since <= FEW * (looks + 1);
    }

    private void compact(MVStore database, RandomAccessStore file) {
        long end = System.nanoTime() + TURN.toNanos();
        long before = notNeeded(file);
        long begun = database.getCurrentVersion();
        int retention = file.getRetentionTime();
        file.setRetentionTime(Math.min(retention, FORCED));
        try {
            boolean goesOn = true;
            while (goesOn && System.nanoTime() < end) {
                database.sync();
                goesOn = piece(database, file);
            }
        } finally {
            file.setRetentionTime(retention);
        }
        // Where nothing could be done, not again at once.
        pause = notNeeded(file) < before ? 0 : PAUSE;
        own += database.getCurrentVersion() - begun;
    }

    /** Bytes of the file that hold nothing which is still needed. */
    private static long notNeeded(RandomAccessStore file) {
        return file.size() - file.size() * file.getFillRate() / 100 * file.getChunksFillRate() / 100;
    }

    private static boolean piece(MVStore database, RandomAccessStore file) {
        if (file.getChunksFillRate() < ENOUGH && database.compact(ENOUGH, PIECE)) {
            database.commit();
            return true;
        }
        if (file.getFillRate() < ENOUGH) {
            // It forces to the disk what it has copied before it writes over what it copied from.
            file.compactMoveChunks(100, PIECE, database);
            return true;
        }
        return false;
    }

    /** {@code null} for PostgreSQL, and for what has no file. */
    private @Nullable MVStore store() throws SQLException {
        if (store == null) {
            try (Connection connection = pool.getConnection()) {
                if (connection.isWrapperFor(JdbcConnection.class)
                        && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session
                        && session.getDatabase().isPersistent()) {
                    store = session.getDatabase().getStore().getMvStore();
                }
            }
            isOfFile = store != null;
        }
        return store;
    }
}
