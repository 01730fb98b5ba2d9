package io.slipway.jobs;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

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

    /** Where jobs lie behind the last one of a page, in an order that is not that of the ids: many may be alike in what they are sorted by. */
    enum Behind {
        /** Alike in it, with an id beyond: one range of the index. */
        ALIKE,
        /** All others: the range after that. */
        BEYOND
    }

    /**
     * Which jobs are listed in this order. That what they are sorted by is no less than the least leaves nothing out: H2 chooses its index by
     * conditions, and would else sort all jobs of an owner.
     */
    void conditions(Conditions conditions) {
        switch (column) {
            case ID -> {}
            case NAME -> conditions.add("j.name >= ''");
            case ENDED -> {
                conditions.add("j.ended_at is not null");
                conditions.add("j.ended_at >= ?", Instant.EPOCH.atOffset(ZoneOffset.UTC));
            }
        }
    }

    /** Which of them lie there. Both ranges in one question would be read from the begin of the first, past all that are alike. */
    void conditions(Job last, Behind behind, Conditions conditions) {
        String ordered = "j." + columns().get(0);
        Object value = column == Column.NAME
                ? last.name()
                : Objects.requireNonNullElse(last.endedAt(), Instant.EPOCH).atOffset(ZoneOffset.UTC);
        String beyond = descending ? " < ?" : " > ?";
        if (behind == Behind.ALIKE) {
            conditions.add(ordered + " = ?", value);
            conditions.add("j.id" + beyond, last.id().value());
        } else {
            conditions.add(ordered + beyond, value);
        }
    }
}
