package io.slipway.jobs;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
}
