package io.slipway.web;

import io.slipway.jobs.JobCounts;
import io.slipway.jobs.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A state to filter by, and how many jobs are in it.
 *
 * @param css the name that the stylesheet knows it by
 * @param count in words; {@code null} where counting would take too long
 */
record StateCount(
        String value, String word, String css, @Nullable String count, boolean isChosen) {

    /** All of them, those that have not ended together first. */
    static List<StateCount> of(JobQuery query, @Nullable Map<JobState, Long> counts) {
        List<StateCount> all = new ArrayList<>();
        all.add(new StateCount(
                "active",
                "Active",
                "active",
                counts == null ? null : words(sum(counts)),
                query.states().active()));
        for (JobState state : JobState.values()) {
            StateBadge badge = StateBadge.of(state);
            all.add(new StateCount(
                    state.name().toLowerCase(Locale.ROOT),
                    badge.word(),
                    badge.css(),
                    counts == null ? null : words(counts.getOrDefault(state, 0L)),
                    query.has(state)));
        }
        return all;
    }

    private static long sum(Map<JobState, Long> counts) {
        Set<JobState> unended = JobState.notEnded();
        return counts.entrySet().stream()
                .filter(entry -> unended.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static String words(long count) {
        return count > JobCounts.MOST ? JobCounts.MOST + "+" : Long.toString(count);
    }
}
