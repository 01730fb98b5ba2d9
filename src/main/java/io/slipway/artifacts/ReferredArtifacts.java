package io.slipway.artifacts;

import io.slipway.project.ArtifactId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The rows of artifacts for who is about to refer to them, in plain SQL, since each submission does. A submission {@link #hold}s the row,
 * or {@link #add}s it, and inserts its job in the same transaction; with the row in hand it learns whether the bytes are in the store, and
 * when they are not, it puts them there and says so by {@link #stored}.
 */
@Component
public final class ReferredArtifacts {

    private static final String HOLD = "select marked_at, stored_at from artifact where id = ? for update";

    private final JdbcTemplate database;

    ReferredArtifacts(JdbcTemplate database) {
        this.database = database;
    }

    /** What the row of an artifact tells of its bytes. */
    public enum Bytes {
        /** There is no row. */
        UNKNOWN,
        NOT_STORED,
        STORED
    }

    private record Marks(
            @Nullable Instant markedAt, @Nullable Instant storedAt) {

        static Marks of(ResultSet row) throws SQLException {
            return new Marks(instant(row, 1), instant(row, 2));
        }

        private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
            OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
            return at == null ? null : at.toInstant();
        }
    }

    /**
     * Holds the row until the caller's transaction ends, so that a new reference and a deletion never pass each other, and takes retention's
     * mark away.
     */
    public Bytes hold(ArtifactId id, Instant now) {
        requireTransaction();
        List<Marks> rows = database.query(HOLD, (row, number) -> Marks.of(row), id.value());
        if (rows.isEmpty()) {
            return Bytes.UNKNOWN;
        }
        Marks marks = rows.get(0);
        if (marks.markedAt != null) {
            database.update("update artifact set marked_at = null, stored_at = null where id = ?", id.value());
        }
        return Artifact.isStored(marks.markedAt, marks.storedAt, now) ? Bytes.STORED : Bytes.NOT_STORED;
    }

    /**
     * Writes its row in the transaction of the caller.
     *
     * @throws DataIntegrityViolationException when another replica did so in the same moment; the transaction has to begin anew
     */
    public void add(Artifact artifact) {
        requireTransaction();
        database.update(
                "insert into artifact (id, kind, size_bytes, created_at) values (?, ?, ?, ?)",
                artifact.id().value(),
                artifact.kind().name(),
                artifact.sizeBytes(),
                artifact.createdAt().atOffset(ZoneOffset.UTC));
    }

    /** The bytes of all of them are in the store. The caller's transaction, or one before it, refers to each. */
    public void stored(Collection<ArtifactId> ids, Instant now) {
        ids.forEach(id -> database.update(
                "update artifact set stored_at = ? where id = ? and marked_at is null",
                now.atOffset(ZoneOffset.UTC),
                id.value()));
    }

    private static void requireTransaction() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("a row is held by a transaction, and there is none");
        }
    }
}
