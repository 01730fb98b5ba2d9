package io.slipway.submission;

import io.slipway.jobs.JobId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The fetches that jobs in RECEIVING wait for, as rows: who dies leaves one behind that another takes up when its hold lapses. */
@Component
class PendingFetches {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient database;
    private final Duration hold;
    private final String holder = UUID.randomUUID().toString();

    PendingFetches(JdbcClient database, SubmissionSettings settings) {
        this.database = database;
        // Longer than any pause of a living service.
        this.hold = settings.heartbeat().multipliedBy(6);
    }

    /** What of a wish has to outlive the request. */
    record Request(
            String uri,
            @Nullable String version,
            @Nullable String specJson,
            Map<String, List<String>> fields,
            List<KeptConfig> configs,
            @Nullable String bundle) {

        @SuppressWarnings("NullAway") // A row that was written without a field does not name it.
        Request {
            configs = configs == null ? List.of() : List.copyOf(configs);
        }

        BesideSources.Configs besides() {
            return new BesideSources.Configs(configs, bundle);
        }
    }

    record Pending(String jobId, String request, Instant heldUntil) {

        JobId id() {
            return new JobId(jobId);
        }

        Request asked() {
            return JSON.readValue(request, Request.class);
        }
    }

    /** In the transaction that inserts the job, behind it. */
    void add(JobId jobId, Request request, Instant now) {
        database.sql("insert into source_fetch (job_id, request, holder, held_until) values (?, ?, ?, ?)")
                .params(jobId.value(), JSON.writeValueAsString(request), holder, Timestamp.from(now.plus(hold)))
                .update();
    }

    boolean isPending(JobId jobId) {
        return database.sql("select count(*) from source_fetch where job_id = ?")
                        .param(jobId.value())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Those that nobody is at; taking one can still fail. */
    List<Pending> lapsed(Instant now, int most) {
        return database.sql("select job_id, request, held_until from source_fetch where held_until < ?"
                        + " order by held_until fetch first " + most + " rows only")
                .param(Timestamp.from(now))
                .query(Pending.class)
                .list();
    }

    /** Whether it is this replica's from now on. */
    boolean take(Pending seen, Instant now) {
        return database.sql("update source_fetch set holder = ?, held_until = ? where job_id = ? and held_until < ?")
                        .params(holder, Timestamp.from(now.plus(hold)), seen.jobId(), Timestamp.from(now))
                        .update()
                == 1;
    }

    /** Whether it is still this replica's. */
    boolean renew(JobId jobId, Instant now) {
        return holdUntil(jobId, now.plus(hold));
    }

    /** Somebody, this replica or another, takes it up then. */
    boolean holdUntil(JobId jobId, Instant until) {
        return database.sql("update source_fetch set held_until = ? where job_id = ? and holder = ?")
                        .params(Timestamp.from(until), jobId.value(), holder)
                        .update()
                == 1;
    }

    void remove(JobId jobId) {
        database.sql("delete from source_fetch where job_id = ?")
                .param(jobId.value())
                .update();
    }
}
