package io.slipway.jobs;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** In which order a list shows its jobs. Each of them is read from an index, in its order or backwards. */
public enum JobOrder {
    NEWEST(Column.ID, true),
    OLDEST(Column.ID, false),
    NAME(Column.NAME, false),
    NAME_REVERSED(Column.NAME, true),
    /** Only jobs that have ended are listed in it. */
    LAST_ENDED(Column.ENDED, true),
    FIRST_ENDED(Column.ENDED, false);

    private enum Column {
        ID,
        NAME,
        ENDED
    }

    private final Column column;
    private final boolean descending;

    JobOrder(Column column, boolean descending) {
        this.column = column;
        this.descending = descending;
    }

    public boolean isDescending() {
        return descending;
    }

    boolean isById() {
        return column == Column.ID;
    }

    /** What it is sorted by before the id. */
    List<String> columns() {
        return switch (column) {
            case ID -> List.of();
            case NAME -> List.of("name");
            case ENDED -> List.of("ended_at");
        };
    }

    /** Takes a condition and its values. */
    interface Conditions {
        void add(String condition, Object... values);
    }

    /**
     * Which jobs are listed in this order, behind the last one of the page before.
     *
     * @param last {@code null} on the first page, and where the order is that of the ids
     */
    void conditions(@Nullable Job last, Conditions conditions) {
        if (column == Column.ENDED) {
            conditions.add("j.ended_at is not null");
        }
        if (last != null && column == Column.NAME) {
            behind("j.name", last.name(), last, conditions);
        } else if (last != null && column == Column.ENDED) {
            Instant ended = Objects.requireNonNullElse(last.endedAt(), Instant.EPOCH);
            behind("j.ended_at", ended.atOffset(ZoneOffset.UTC), last, conditions);
        }
    }

    /** The range of the leading column comes first, apart: it is what the index is entered by. */
    private void behind(String ordered, Object value, Job last, Conditions conditions) {
        String beyond = descending ? " < ?" : " > ?";
        conditions.add(ordered + (descending ? " <= ?" : " >= ?"), value);
        conditions.add(
                "(" + ordered + beyond + " or j.id" + beyond + ")",
                value,
                last.id().value());
    }
}
