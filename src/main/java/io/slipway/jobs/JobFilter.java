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
 * Which jobs a list shows. Everything that is given must hold.
 *
 * @param owner only this owner's; {@code null} for everybody's
 * @param cluster only those of this cluster; {@code null} for all
 * @param name a part of the name, in any case
 * @param before only jobs older than this id: where the page before ended
 */
public record JobFilter(
        @Nullable String owner,
        @Nullable String cluster,
        Set<JobState> states,
        Map<String, String> labels,
        @Nullable String name,
        Created created,
        @Nullable String before) {

    /**
     * When they were sent.
     *
     * @param from at or after
     * @param to before
     */
    public record Created(@Nullable Instant from, @Nullable Instant to) {

        public static final Created ANY_TIME = new Created(null, null);
    }

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
            if (cluster != null) {
                all.add(criteria.equal(job.get("cluster"), cluster));
            }
            if (!states.isEmpty()) {
                all.add(job.get("state").in(states));
            }
            if (name != null) {
                all.add(criteria.like(criteria.lower(job.get("name")), "%" + escape(name) + "%", '\\'));
            }
            if (created.from() != null) {
                all.add(criteria.greaterThanOrEqualTo(job.get("createdAt"), created.from()));
            }
            if (created.to() != null) {
                all.add(criteria.lessThan(job.get("createdAt"), created.to()));
            }
            if (before != null) {
                all.add(criteria.lessThan(job.get("id"), before));
            }
            labels.forEach((key, value) -> all.add(hasLabel(job, criteria, key, value)));
            return criteria.and(all);
        };
    }

    /** What is the same for all of them leads: H2 reads an index in its own order only. */
    Sort sort(JobOrder order) {
        List<String> columns = new ArrayList<>();
        if (owner != null) {
            columns.add("owner");
        }
        if (states.size() == 1 && order.isById()) {
            columns.add("state");
        }
        columns.addAll(order.columns());
        columns.add("id");
        return Sort.by(order.isDescending() ? Sort.Direction.DESC : Sort.Direction.ASC, columns.toArray(String[]::new));
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
