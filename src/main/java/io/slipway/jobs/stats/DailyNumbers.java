package io.slipway.jobs.stats;

import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.slipway.jobs.stats.JobStats.Day;
import io.slipway.jobs.stats.JobStats.Ends;
import io.slipway.jobs.stats.JobStats.Failures;
import io.slipway.jobs.stats.JobStats.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads the daily numbers: a few rows for each day, however many jobs there were. */
@Component
public class DailyNumbers {

    /** Stands for every owner; nobody can be called so. */
    static final String EVERYBODY = "*";

    static final int MOST_UNCOUNTED = 10_000;
    private static final int MOST_OWNERS = 50;

    private final JdbcClient database;

    DailyNumbers(JdbcClient database) {
        this.database = database;
    }

    /** @param owner whose jobs; {@code null} for everybody's */
    @Transactional(readOnly = true)
    public JobStats of(@Nullable String owner, LocalDate from, LocalDate to) {
        String whose = owner == null ? EVERYBODY : owner;
        Map<LocalDate, Ends> ends = ends(whose, from, to);
        Map<LocalDate, List<Failures>> failures = failures(whose, from, to);
        Map<Measure, Map<LocalDate, Histogram>> times = times(whose, from, to);
        List<Day> days = from.datesUntil(to.plusDays(1))
                .map(date -> new Day(
                        date,
                        ends.getOrDefault(date, Ends.NONE),
                        failures.getOrDefault(date, List.of()),
                        Times.of(on(times, Measure.QUEUE_WAIT, date)),
                        Times.of(on(times, Measure.RUN_TIME, date))))
                .toList();
        return new JobStats(
                days,
                all(times, Measure.QUEUE_WAIT),
                all(times, Measure.RUN_TIME),
                owner == null ? owners(from, to) : List.of(),
                uncounted(owner));
    }

    private Map<LocalDate, Ends> ends(String whose, LocalDate from, LocalDate to) {
        Map<LocalDate, Ends> ends = new TreeMap<>();
        database.sql("select on_day, state, sum(jobs) as jobs from daily_end where owner = ? and on_day between ? and ?"
                        + " group by on_day, state")
                .params(whose, from, to)
                .query(row -> {
                    ends.merge(date(row), ends(row), Ends::plus);
                });
        return ends;
    }

    private static Ends ends(ResultSet row) throws SQLException {
        long jobs = row.getLong("jobs");
        return switch (JobState.valueOf(row.getString("state"))) {
            case SUCCEEDED -> new Ends(jobs, 0, 0);
            case FAILED -> new Ends(0, jobs, 0);
            case CANCELLED -> new Ends(0, 0, jobs);
            case RECEIVING, QUEUED, SUBMITTING, PENDING, RUNNING -> Ends.NONE;
        };
    }

    private Map<Measure, Map<LocalDate, Histogram>> times(String whose, LocalDate from, LocalDate to) {
        Map<Measure, Map<LocalDate, Histogram>> times = new EnumMap<>(Measure.class);
        database.sql("select on_day, measure, bucket, jobs from daily_time where owner = ? and on_day between ? and ?")
                .params(whose, from, to)
                .query(row -> {
                    times.computeIfAbsent(Measure.valueOf(row.getString("measure")), measure -> new TreeMap<>())
                            .computeIfAbsent(date(row), day -> new Histogram())
                            .add(row.getInt("bucket"), row.getLong("jobs"));
                });
        return times;
    }

    private static Histogram on(Map<Measure, Map<LocalDate, Histogram>> times, Measure measure, LocalDate day) {
        return times.getOrDefault(measure, Map.of()).getOrDefault(day, new Histogram());
    }

    private static Times all(Map<Measure, Map<LocalDate, Histogram>> times, Measure measure) {
        Histogram all = new Histogram();
        times.getOrDefault(measure, Map.of()).values().forEach(all::add);
        return Times.of(all);
    }

    /** Counts under an earlier name of a code, which an older replica may still write, are added to those under its name of today. */
    private Map<LocalDate, List<Failures>> failures(String whose, LocalDate from, LocalDate to) {
        Map<LocalDate, Map<Reason.Code, Long>> counts = new TreeMap<>();
        database.sql("select on_day, reason_code, jobs from daily_end where owner = ? and on_day between ? and ?"
                        + " and state = 'FAILED' and reason_code <> ''")
                .params(whose, from, to)
                .query(row -> {
                    counts.computeIfAbsent(date(row), day -> new EnumMap<>(Reason.Code.class))
                            .merge(Reason.Code.ofStored(row.getString("reason_code")), row.getLong("jobs"), Long::sum);
                });
        Map<LocalDate, List<Failures>> failures = new TreeMap<>();
        counts.forEach((day, codes) -> failures.put(day, mostFirst(codes)));
        return failures;
    }

    private static List<Failures> mostFirst(Map<Reason.Code, Long> codes) {
        return codes.entrySet().stream()
                .map(code -> new Failures(code.getKey(), code.getValue()))
                .sorted(Comparator.comparingLong(Failures::jobs)
                        .reversed()
                        .thenComparing(failures -> failures.code().name()))
                .toList();
    }

    private List<Owner> owners(LocalDate from, LocalDate to) {
        return database.sql("select owner, sum(jobs) as jobs,"
                        + " sum(case when state = 'SUCCEEDED' then jobs else 0 end) as succeeded,"
                        + " sum(case when state = 'FAILED' then jobs else 0 end) as failed,"
                        + " sum(case when state = 'CANCELLED' then jobs else 0 end) as cancelled"
                        + " from daily_end where on_day between ? and ? and owner <> '*'"
                        + " group by owner order by jobs desc, owner fetch first " + MOST_OWNERS + " rows only")
                .params(from, to)
                .query((row, number) -> new Owner(
                        row.getString("owner"),
                        new Ends(row.getLong("succeeded"), row.getLong("failed"), row.getLong("cancelled"))))
                .list();
    }

    private long uncounted(@Nullable String owner) {
        return database.sql("select count(*) from (select job_id from uncounted_job"
                        + (owner == null ? "" : " where owner = ?")
                        + " fetch first " + MOST_UNCOUNTED + " rows only) u")
                .params(owner == null ? List.of() : List.of(owner))
                .query(Long.class)
                .single();
    }

    private static LocalDate date(ResultSet row) throws SQLException {
        return Objects.requireNonNull(row.getObject("on_day", LocalDate.class));
    }
}
