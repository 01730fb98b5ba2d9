package io.slipway.jobs.stats;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long something took.
 *
 * @param jobs of which it is known
 * @param median {@code null} like the others when there is no such job
 */
public record Times(
        long jobs,
        @Nullable Duration median,
        @Nullable Duration p90,
        @Nullable Duration p99) {

    static Times of(Histogram histogram) {
        return new Times(
                histogram.total(), histogram.percentile(0.5), histogram.percentile(0.9), histogram.percentile(0.99));
    }
}
