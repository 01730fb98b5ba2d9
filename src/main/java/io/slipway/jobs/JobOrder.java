package io.slipway.jobs;

import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Path;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.data.jpa.domain.Specification;

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
            case ENDED -> List.of("endedAt");
        };
    }

    /** Those that are listed in this order. */
    Specification<Job> placed() {
        return (job, query, criteria) ->
                column == Column.ENDED ? criteria.isNotNull(job.get("endedAt")) : criteria.conjunction();
    }

    /** Those behind this id, in the order of ids alone. */
    Specification<Job> behind(String id) {
        return (job, query, criteria) -> behindId(job, criteria, id);
    }

    /** Those behind this job. */
    Specification<Job> behind(Job last) {
        return (job, query, criteria) -> switch (column) {
            case ID -> behindId(job, criteria, last.id().value());
            case NAME ->
                behind(
                        job,
                        criteria,
                        job.<String>get("name"),
                        last.name(),
                        last.id().value());
            case ENDED ->
                behind(
                        job,
                        criteria,
                        job.<Instant>get("endedAt"),
                        Objects.requireNonNullElse(last.endedAt(), Instant.EPOCH),
                        last.id().value());
        };
    }

    private Predicate behindId(Root<Job> job, CriteriaBuilder criteria, String id) {
        return descending
                ? criteria.lessThan(job.<String>get("id"), id)
                : criteria.greaterThan(job.<String>get("id"), id);
    }

    /** The range of the leading column comes first, apart: it is what the index is entered by. */
    private <T extends Comparable<? super T>> Predicate behind(
            Root<Job> job, CriteriaBuilder criteria, Path<T> column, T value, String id) {
        Predicate range =
                descending ? criteria.lessThanOrEqualTo(column, value) : criteria.greaterThanOrEqualTo(column, value);
        Predicate beyond = descending ? criteria.lessThan(column, value) : criteria.greaterThan(column, value);
        return criteria.and(range, criteria.or(beyond, behindId(job, criteria, id)));
    }
}
