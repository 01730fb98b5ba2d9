package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.stats.DailyNumbers;
import io.slipway.jobs.stats.JobStats;
import io.slipway.jobs.stats.Times;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How the last thirty days went. The charts are drawn from the tables that stand beside them. */
@Controller
class OverviewPage {

    private static final int DAYS = 30;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private final DailyNumbers numbers;
    private final Jobs jobs;
    private final Clock clock;

    OverviewPage(DailyNumbers numbers, Jobs jobs, Clock clock) {
        this.numbers = numbers;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** A number that stands for itself. */
    record Tile(String title, String value, String css) {}

    /** @param epoch of the day's begin in UTC, in seconds: what the chart draws it at */
    record DayRow(String day, long epoch, JobStats.Ends ends, TimesRow queueWait, TimesRow runTime) {}

    /** As words for people, and as seconds for the chart. */
    record TimesRow(long jobs, Percentile median, Percentile p90, Percentile p99) {
        static TimesRow of(Times times) {
            return new TimesRow(
                    times.jobs(),
                    Percentile.of(times.median()),
                    Percentile.of(times.p90()),
                    Percentile.of(times.p99()));
        }
    }

    record Percentile(String words, @Nullable Double seconds) {
        static Percentile of(@Nullable Duration time) {
            return time == null ? new Percentile("–", null) : new Percentile(about(time), time.toMillis() / 1000.0);
        }

        /** Histograms know it no better than this. */
        private static String about(Duration time) {
            return time.toMillis() < 1000
                    ? "< 1 s"
                    : TimeText.exact(Duration.ofSeconds(Math.round(time.toMillis() / 1000.0)));
        }
    }

    /** @param date as addresses have it */
    record Choice(String date, String words) {}

    /** @param width of its bar, which is {@value Timeline#WIDTH} for the widest */
    record Bar(String name, long jobs, JobStats.@Nullable Ends ends, double width) {}

    @GetMapping("/ui/overview")
    String page(
            HttpServletRequest request,
            @RequestParam(defaultValue = "") String owner,
            @RequestParam(defaultValue = "") String day,
            Model model) {
        Caller caller = Caller.of(request);
        String whose = caller.listed(owner.isBlank() ? null : owner.strip());
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        JobStats stats = numbers.of(whose, today.minusDays(DAYS - 1L), today);
        model.addAttribute("owner", caller.isOperator() && whose != null ? whose : "");
        model.addAttribute("tiles", tiles(whose, stats));
        model.addAttribute("days", newestFirst(stats));
        model.addAttribute("queueWait", TimesRow.of(stats.queueWait()));
        model.addAttribute("runTime", TimesRow.of(stats.runTime()));
        Optional<JobStats.Day> chosen =
                failed(stats).filter(each -> each.date().toString().equals(day)).findFirst();
        model.addAttribute("day", chosen.map(OverviewPage::choice).orElse(null));
        model.addAttribute("failedDays", failed(stats).map(OverviewPage::choice).toList());
        model.addAttribute("reasons", reasons(chosen.map(JobStats.Day::reasons).orElseGet(stats::reasons)));
        model.addAttribute("owners", owners(stats));
        model.addAttribute("uncounted", stats.uncounted());
        model.addAttribute("anyEnded", stats.ends().all() > 0);
        return "overview";
    }

    private static List<DayRow> newestFirst(JobStats stats) {
        List<DayRow> days = stats.days().stream()
                .map(day -> new DayRow(
                        DAY.format(day.date()),
                        day.date().atStartOfDay(ZoneOffset.UTC).toEpochSecond(),
                        day.ends(),
                        TimesRow.of(day.queueWait()),
                        TimesRow.of(day.runTime())))
                .collect(Collectors.toList());
        Collections.reverse(days);
        return days;
    }

    private List<Tile> tiles(@Nullable String owner, JobStats stats) {
        JobStats.Ends ends = stats.ends();
        Map<JobState, Long> alive = alive(owner);
        long waiting = alive.getOrDefault(JobState.SUBMITTING, 0L) + alive.getOrDefault(JobState.PENDING, 0L);
        return List.of(
                new Tile("Queued now", number(alive.getOrDefault(JobState.QUEUED, 0L)), "s-queued"),
                new Tile("Starting now", number(waiting), "s-pending"),
                new Tile("Running now", number(alive.getOrDefault(JobState.RUNNING, 0L)), "s-running"),
                new Tile("Ended", number(ends.all()), ""),
                new Tile("Succeeded", share(ends.succeeded(), ends.all()), "s-succeeded"),
                new Tile("Failed", share(ends.failed(), ends.all()), "s-failed"));
    }

    private Map<JobState, Long> alive(@Nullable String owner) {
        return Jobs.ClusterLoad.byState(
                owner == null
                        ? jobs.countByClusterAndState(JobState.live())
                        : jobs.countOfOwner(owner, JobState.live()));
    }

    /** The days on which jobs failed, newest first. */
    private static Stream<JobStats.Day> failed(JobStats stats) {
        return stats.days().stream()
                .filter(day -> !day.reasons().isEmpty())
                .sorted(Comparator.comparing(JobStats.Day::date).reversed());
    }

    private static Choice choice(JobStats.Day day) {
        return new Choice(day.date().toString(), DAY.format(day.date()));
    }

    private static List<Bar> reasons(List<JobStats.Failures> reasons) {
        long most = reasons.stream().mapToLong(JobStats.Failures::jobs).max().orElse(1);
        return reasons.stream()
                .map(each -> new Bar(each.code().name(), each.jobs(), null, Timeline.WIDTH * each.jobs() / most))
                .toList();
    }

    private static List<Bar> owners(JobStats stats) {
        long most = stats.owners().stream()
                .mapToLong(each -> each.ends().all())
                .max()
                .orElse(1);
        return stats.owners().stream()
                .map(each -> new Bar(
                        each.name(),
                        each.ends().all(),
                        each.ends(),
                        Timeline.WIDTH * each.ends().all() / most))
                .toList();
    }

    private static String number(long count) {
        return String.format(Locale.ENGLISH, "%,d", count);
    }

    private static String share(long part, long all) {
        return all == 0 ? "–" : String.format(Locale.ENGLISH, "%.1f %%", 100.0 * part / all);
    }
}
