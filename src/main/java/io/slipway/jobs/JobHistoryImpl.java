package io.slipway.jobs;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads them in plain SQL: nobody changes a line that was written. */
class JobHistoryImpl implements JobHistory {

    private static final String EVENTS =
            "select feed_position, at, from_state, to_state, reason_code, message, changed_by,"
                    + " kind, data from job_event where job_id = ? order by id";

    private final JdbcClient database;

    JobHistoryImpl(JdbcClient database) {
        this.database = database;
    }

    @Override
    public List<JobEvent> eventsOf(JobId jobId) {
        return database.sql(EVENTS)
                .param(jobId.value())
                .query((row, number) -> JobEvent.of(row))
                .list();
    }
}
