package io.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.slipway.jobs.stats.JobStats;
import io.slipway.jobs.stats.Times;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How jobs went, as clients see it. */
@Schema(name = "Stats")
@JsonInclude(JsonInclude.Include.ALWAYS)
record StatsView(
        @Schema(description = "Whose jobs; null for everybody's.") @Nullable
        String owner,

        @Schema(description = "Jobs that have not ended, by state, now.", example = "{\"QUEUED\": 3, \"RUNNING\": 2}")
        Map<JobState, Long> now,

        @Schema(description = "Oldest first; days without jobs too.")
        List<DayView> days,

        @Schema(description = "Of all days, from the 202 to the begin of the first run.")
        TimesView queueWait,

        @Schema(description = "Of all days, from the begin of the first run to the end.")
        TimesView runTime,

        @Schema(description = "Why jobs failed on all days, the most frequent first.")
        List<FailuresView> failures,

        @Schema(description = "For operators: whose jobs they are, the most first, at most 50.")
        List<OwnerView> owners,

        @Schema(description = "Their ended jobs that are not counted yet; 10000 stands for more.")
        long uncounted) {

    /** @param date of the job's end, in UTC */
    @Schema(name = "DayStats")
    record DayView(
            LocalDate date,
            long succeeded,
            long failed,
            long cancelled,

            @Schema(description = "Why jobs failed on that day, the most frequent first.")
            List<FailuresView> failures,

            TimesView queueWait,
            TimesView runTime) {}

    @Schema(name = "Times", description = "Seconds, right to about a tenth; null when there is no such job.")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record TimesView(
            long jobs,
            @Nullable Double p50,
            @Nullable Double p90,
            @Nullable Double p99) {
        static TimesView of(Times times) {
            return new TimesView(times.jobs(), seconds(times.median()), seconds(times.p90()), seconds(times.p99()));
        }

        private static @Nullable Double seconds(@Nullable Duration time) {
            return time == null ? null : time.toMillis() / 1000.0;
        }
    }

    @Schema(name = "Failures")
    record FailuresView(Reason.Code code, long jobs) {
        static List<FailuresView> of(List<JobStats.Failures> failures) {
            return failures.stream()
                    .map(each -> new FailuresView(each.code(), each.jobs()))
                    .toList();
        }
    }

    @Schema(name = "OwnerStats")
    record OwnerView(String name, long succeeded, long failed, long cancelled) {}

    static StatsView of(@Nullable String owner, Map<JobState, Long> now, JobStats stats) {
        return new StatsView(
                owner,
                now,
                stats.days().stream()
                        .map(day -> new DayView(
                                day.date(),
                                day.ends().succeeded(),
                                day.ends().failed(),
                                day.ends().cancelled(),
                                FailuresView.of(day.reasons()),
                                TimesView.of(day.queueWait()),
                                TimesView.of(day.runTime())))
                        .toList(),
                TimesView.of(stats.queueWait()),
                TimesView.of(stats.runTime()),
                FailuresView.of(stats.reasons()),
                stats.owners().stream()
                        .map(each -> new OwnerView(
                                each.name(),
                                each.ends().succeeded(),
                                each.ends().failed(),
                                each.ends().cancelled()))
                        .toList(),
                stats.uncounted());
    }
}
