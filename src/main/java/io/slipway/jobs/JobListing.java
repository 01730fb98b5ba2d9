package io.slipway.jobs;

import org.jspecify.annotations.Nullable;

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
        @Nullable String after) {}
