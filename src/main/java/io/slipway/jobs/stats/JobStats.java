package io.slipway.jobs.stats;

import io.slipway.jobs.Reason;
import java.time.LocalDate;
import java.util.List;

/**
 * How jobs went, by the UTC day on which they ended.
 *
 * @param days each day from the first to today, those without jobs too
 * @param reasons why jobs failed, the most frequent first
 * @param owners whose jobs they are, the most first; only where they are everybody's
 * @param uncounted ended jobs that are not among the numbers yet; {@value DailyNumbers#MOST_UNCOUNTED} stands for more
 */
public record JobStats(
        List<Day> days, Times queueWait, Times runTime, List<Failures> reasons, List<Owner> owners, long uncounted) {

    public JobStats {
        days = List.copyOf(days);
        reasons = List.copyOf(reasons);
        owners = List.copyOf(owners);
    }

    public record Day(LocalDate date, Ends ends, Times queueWait, Times runTime) {}

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
}
