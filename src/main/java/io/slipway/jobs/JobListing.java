package io.slipway.jobs;

import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.domain.Specification;

/**
 * A list as somebody wants to see it.
 *
 * @param idPrefix how the ids begin; {@code null} for all
 * @param after the id that the page before ended with; {@code null} for the first page. The filter's own {@code before} stays empty
 */
public record JobListing(
        JobFilter filter,
        @Nullable String idPrefix,
        JobOrder order,
        @Nullable String after) {

    Specification<Job> specification() {
        return filter.specification().and(order.placed()).and(prefixed());
    }

    private Specification<Job> prefixed() {
        return (job, query, criteria) -> idPrefix == null
                ? criteria.conjunction()
                // No character of an id lies behind Z.
                : criteria.between(job.<String>get("id"), idPrefix, idPrefix + "Z".repeat(26));
    }
}
