package io.slipway.jobs;

import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.JoinType;
import jakarta.persistence.criteria.MapJoin;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;

/**
 * Which jobs a list shows, newest first. Everything that is given must hold.
 *
 * @param owner only this owner's; {@code null} for everybody's
 * @param name a part of the name, in any case
 * @param before only jobs older than this id: where the page before ended
 */
public record JobFilter(
        @Nullable String owner,
        Set<JobState> states,
        Map<String, String> labels,
        @Nullable String name,
        @Nullable Instant createdFrom,
        @Nullable Instant createdTo,
        @Nullable String before) {

    public JobFilter {
        states = Set.copyOf(states);
        labels = Map.copyOf(labels);
    }

    Specification<Job> specification() {
        return (job, query, criteria) -> {
            List<Predicate> all = new ArrayList<>();
            if (owner != null) {
                all.add(criteria.equal(job.get("owner"), owner));
            }
            if (!states.isEmpty()) {
                all.add(job.get("state").in(states));
            }
            if (name != null) {
                all.add(criteria.like(criteria.lower(job.get("name")), "%" + escape(name) + "%", '\\'));
            }
            if (createdFrom != null) {
                all.add(criteria.greaterThanOrEqualTo(job.get("createdAt"), createdFrom));
            }
            if (createdTo != null) {
                all.add(criteria.lessThan(job.get("createdAt"), createdTo));
            }
            if (before != null) {
                all.add(criteria.lessThan(job.get("id"), before));
            }
            labels.forEach((key, value) -> all.add(hasLabel(job, criteria, key, value)));
            return criteria.and(all);
        };
    }

    /** Newest first. What is the same for all of them leads: H2 reads an index in its own order only. */
    Sort sort() {
        List<String> columns = new ArrayList<>();
        if (owner != null) {
            columns.add("owner");
        }
        if (states.size() == 1) {
            columns.add("state");
        }
        columns.add("id");
        return Sort.by(Sort.Direction.DESC, columns.toArray(String[]::new));
    }

    private static Predicate hasLabel(Root<Job> job, CriteriaBuilder criteria, String key, String value) {
        MapJoin<Job, String, String> label = job.joinMap("labels", JoinType.INNER);
        return criteria.and(criteria.equal(label.key(), key), criteria.equal(label.value(), value));
    }

    private static String escape(String text) {
        return text.toLowerCase(java.util.Locale.ROOT)
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_");
    }
}
