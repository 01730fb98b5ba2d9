package io.slipway.jobs.stats;

import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Puts ended jobs into the daily numbers, each exactly once: what says that it is not counted goes in the same transaction. */
@Component
public class EndedJobCounter {

    /** Ids in one statement. */
    private static final int IDS = 500;

    private final JdbcTemplate database;
    private final NamedParameterJdbcTemplate named;

    EndedJobCounter(JdbcTemplate database) {
        this.database = database;
        this.named = new NamedParameterJdbcTemplate(database);
    }

    private record Ended(
            String id,
            String owner,
            JobState state,
            String reason,
            @Nullable Instant queuedAt,
            @Nullable Instant startedAt,
            Instant endedAt) {}

    /**
     * Counts the next ones.
     *
     * @param most at once
     * @return how many there were
     * @throws OptimisticLockingFailureException when another replica has counted one of them meanwhile; nothing was written
     */
    @Transactional
    public int countNext(int most) {
        List<Ended> jobs = database.query(
                "select j.id, j.owner, j.state, j.reason_code, j.queued_at, j.started_at, j.ended_at"
                        + " from uncounted_job u join job j on j.id = u.job_id order by u.job_id fetch first " + most
                        + " rows only",
                (row, number) -> ended(row));
        if (jobs.isEmpty()) {
            return 0;
        }
        // First of all: whoever else would count them waits here, and then finds them gone.
        take(jobs.stream().map(Ended::id).toList());
        DailyCounts counts = new DailyCounts();
        jobs.forEach(job -> count(job, counts));
        counts.addTo(database);
        return jobs.size();
    }

    /** Forgets days that are long over. */
    @Transactional
    public void forgetBefore(LocalDate day) {
        database.update("delete from daily_end where on_day < ?", day);
        database.update("delete from daily_time where on_day < ?", day);
    }

    private void take(List<String> ids) {
        int taken = 0;
        for (int from = 0; from < ids.size(); from += IDS) {
            taken += named.update(
                    "delete from uncounted_job where job_id in (:ids)",
                    Map.of("ids", ids.subList(from, Math.min(ids.size(), from + IDS))));
        }
        if (taken != ids.size()) {
            throw new OptimisticLockingFailureException("ended jobs are being counted by another replica");
        }
    }

    private static void count(Ended job, DailyCounts counts) {
        if (job.reason().equals(Reason.Code.UPLOAD_INTERRUPTED.name())) {
            // No request was answered with its acceptance.
            return;
        }
        LocalDate day = LocalDate.ofInstant(job.endedAt(), ZoneOffset.UTC);
        for (String owner : List.of(job.owner(), DailyNumbers.EVERYBODY)) {
            counts.ended(owner, day, job.state().name(), job.reason());
            time(job.queuedAt(), job.startedAt())
                    .ifPresent(wait -> counts.took(owner, day, Measure.QUEUE_WAIT, Histogram.bucket(wait)));
            time(job.startedAt(), job.endedAt())
                    .ifPresent(run -> counts.took(owner, day, Measure.RUN_TIME, Histogram.bucket(run)));
        }
    }

    /** Two clocks are read, ours and the cluster's: what seems to end before it began took no time. */
    private static Optional<Duration> time(@Nullable Instant from, @Nullable Instant to) {
        if (from == null || to == null) {
            return Optional.empty();
        }
        Duration between = Duration.between(from, to);
        return Optional.of(between.isNegative() ? Duration.ZERO : between);
    }

    private static Ended ended(ResultSet row) throws SQLException {
        String reason = row.getString("reason_code");
        Timestamp end = row.getTimestamp("ended_at");
        return new Ended(
                row.getString("id"),
                row.getString("owner"),
                JobState.valueOf(row.getString("state")),
                reason == null ? "" : named(reason),
                instant(row.getTimestamp("queued_at")),
                instant(row.getTimestamp("started_at")),
                end.toInstant());
    }

    private static @Nullable Instant instant(@Nullable Timestamp at) {
        return at == null ? null : at.toInstant();
    }

    /** One that only newer replicas know is counted under its own name. */
    private static String named(String reason) {
        Reason.Code code = Reason.Code.ofStored(reason);
        return code == Reason.Code.OTHER ? reason : code.name();
    }
}
