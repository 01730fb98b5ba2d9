package io.slipway.jobs.feed;

import io.slipway.jobs.EventDataColumn;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Owner;
import io.slipway.jobs.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The events of one stretch of the feed, as SQL that the indexes of both kinds of database fit. */
record FeedQuery(String sql, List<Object> values) {

    private static final String EVENTS =
            "select e.feed_position, e.at, e.from_state, e.to_state, e.reason_code, e.message, e.changed_by, e.kind,"
                    + " e.data, j.id, j.name, j.owner, j.cluster, j.version, exists (select 1 from run r where r.job_id ="
                    + " j.id and r.cleanup = 'WAITING') as cleanup_waits, case when exists (select 1 from run c where"
                    + " c.job_id = j.id and c.attempt = j.attempt and c.cause_due_at is not null) then j.ended_at end as"
                    + " cause_awaited_since, exists (select 1 from job_event l where l.job_id = e.job_id and l.id > e.id)"
                    + " as goes_on from job_event e join job j on j.id = e.job_id where e.feed_position > ? and"
                    + " e.feed_position <= ?";

    static FeedQuery between(long after, long to, FeedFilter filter, int limit) {
        StringBuilder sql = new StringBuilder(EVENTS);
        List<Object> values = new ArrayList<>(List.of(after, to));
        and(
                sql,
                values,
                "e.job_id",
                filter.jobId() == null ? null : filter.jobId().value());
        and(sql, values, "j.owner", filter.owner());
        and(sql, values, "j.cluster", filter.cluster());
        if (!filter.states().isEmpty()) {
            sql.append(" and e.to_state in (")
                    .append(String.join(
                            ",", filter.states().stream().map(state -> "?").toList()))
                    .append(')');
            filter.states().forEach(state -> values.add(state.name()));
        }
        // The events of one job are in the same order by both, and the index of its events has the id.
        sql.append(filter.jobId() == null ? " order by e.feed_position limit ?" : " order by e.id limit ?");
        values.add(limit);
        return new FeedQuery(sql.toString(), values);
    }

    private static void and(StringBuilder sql, List<Object> values, String column, @Nullable String value) {
        if (value != null) {
            sql.append(" and ").append(column).append(" = ?");
            values.add(value);
        }
    }

    List<FeedEvent> run(JdbcClient database) {
        return database.sql(sql)
                .params(values)
                .query((row, number) -> event(row))
                .list();
    }

    private static FeedEvent event(ResultSet row) throws SQLException {
        String from = row.getString("from_state");
        String reason = row.getString("reason_code");
        String kind = row.getString("kind");
        return new FeedEvent(
                row.getLong("feed_position"),
                new FeedEvent.Subject(
                        new JobId(row.getString("id")),
                        row.getString("name"),
                        new Owner(row.getString("owner")),
                        row.getString("cluster"),
                        row.getLong("version"),
                        row.getBoolean("cleanup_waits"),
                        awaitedUntil(row.getObject("cause_awaited_since", OffsetDateTime.class))),
                new FeedEvent.Change(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        from == null ? null : JobState.valueOf(from),
                        JobState.valueOf(row.getString("to_state")),
                        reason == null ? null : Reason.Code.ofStored(reason),
                        row.getString("message"),
                        row.getString("changed_by"),
                        kind == null ? null : JobEvent.Kind.valueOf(kind),
                        EventDataColumn.read(row.getString("data"))),
                row.getBoolean("goes_on"));
    }

    private static @Nullable Instant awaitedUntil(@Nullable OffsetDateTime endedAt) {
        return endedAt == null ? null : endedAt.toInstant().plus(Job.CAUSE_AWAITED);
    }
}
