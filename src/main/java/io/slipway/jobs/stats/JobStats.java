package io.slipway.jobs.stats;

import io.slipway.jobs.Reason;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How jobs went, by the UTC day on which they ended.
 *
 * @param days each day from the first to today, those without jobs too
 * @param owners whose jobs they are, the most first; only where they are everybody's
 * @param uncounted their ended jobs that are not among the numbers yet; {@value DailyNumbers#MOST_UNCOUNTED} stands for more
 */
public record JobStats(List<Day> days, Times queueWait, Times runTime, List<Owner> owners, long uncounted) {

    public JobStats {
        days = List.copyOf(days);
        owners = List.copyOf(owners);
    }

    /** @param reasons why jobs failed, the most frequent first */
    public record Day(LocalDate date, Ends ends, List<Failures> reasons, Times queueWait, Times runTime) {

        public Day {
            reasons = List.copyOf(reasons);
        }
    }

    /** How jobs ended. */
    public record Ends(long succeeded, long failed, long cancelled) {

        static final Ends NONE = new Ends(0, 0, 0);

        public long all() {
            return succeeded + failed + cancelled;
        }

        public Ends plus(Ends other) {
            return new Ends(succeeded + other.succeeded, failed + other.failed, cancelled + other.cancelled);
        }
    }

    public record Failures(Reason.Code code, long jobs) {}

    public record Owner(String name, Ends ends) {}

    /** Of all days. */
    public Ends ends() {
        return days.stream().map(Day::ends).reduce(Ends.NONE, Ends::plus);
    }

    /** Why jobs failed on all days, the most frequent first. */
    public List<Failures> reasons() {
        Map<Reason.Code, Long> jobs = days.stream()
                .flatMap(day -> day.reasons().stream())
                .collect(Collectors.groupingBy(Failures::code, Collectors.summingLong(Failures::jobs)));
        return jobs.entrySet().stream()
                .map(each -> new Failures(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(Failures::jobs)
                        .reversed()
                        .thenComparing(each -> each.code().name()))
                .toList();
    }
}
