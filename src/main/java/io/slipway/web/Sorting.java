package io.slipway.web;

import io.slipway.jobs.JobOrder;
import java.util.Locale;
import java.util.stream.Stream;

/** The orders of the list, as its address and its page call them. */
enum Sorting {
    NEWEST(JobOrder.NEWEST, "Newest first"),
    OLDEST(JobOrder.OLDEST, "Oldest first"),
    NAME(JobOrder.NAME, "Name, A to Z"),
    NAME_REVERSED(JobOrder.NAME_REVERSED, "Name, Z to A"),
    ENDED(JobOrder.LAST_ENDED, "Last ended first"),
    ENDED_REVERSED(JobOrder.FIRST_ENDED, "First ended first");

    private final JobOrder order;
    private final String title;

    Sorting(JobOrder order, String title) {
        this.order = order;
        this.title = title;
    }

    /** What is no order of ours is the usual one. */
    static Sorting of(String word) {
        return Stream.of(values())
                .filter(each -> each.word().equalsIgnoreCase(word))
                .findFirst()
                .orElse(NEWEST);
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return title;
    }

    JobOrder order() {
        return order;
    }

    public boolean isByEnd() {
        return this == ENDED || this == ENDED_REVERSED;
    }

    Sorting reversed() {
        return switch (this) {
            case NEWEST -> OLDEST;
            case OLDEST -> NEWEST;
            case NAME -> NAME_REVERSED;
            case NAME_REVERSED -> NAME;
            case ENDED -> ENDED_REVERSED;
            case ENDED_REVERSED -> ENDED;
        };
    }

    /** What a column's head says to those who do not see its arrow; {@code none} for a column of another order. */
    public String aria(Sorting ofColumn) {
        if (this != ofColumn && this != ofColumn.reversed()) {
            return "none";
        }
        return order.isDescending() ? "descending" : "ascending";
    }
}
