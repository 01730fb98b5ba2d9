package io.slipway.livy;

import io.slipway.access.Caller;
import io.slipway.jobs.JobState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The numbers of batches, kept in the database: a client that comes back after a restart, or to another replica, finds its own. */
@Component
@ConditionalOnBooleanProperty("slipway.livy.enabled")
class Batches {

    /** What it begins with, and what belongs to the caller. */
    private static final String OF_CALLER =
            " from livy_batch b join job j on j.id = b.job_id where (:all = true or j.owner = :owner)";

    private static final List<String> LIVE = Arrays.stream(JobState.values())
            .filter(state -> !state.isTerminal())
            .map(JobState::name)
            .toList();

    private final JdbcClient database;

    Batches(JdbcClient database) {
        this.database = database;
    }

    record Batch(int id, String jobId, @Nullable String proxyUser) {}

    /** The number of a job; the same one when it is asked for again. */
    Batch of(String jobId, @Nullable String proxyUser) {
        Optional<Batch> known = known(jobId);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            database.sql("insert into livy_batch (job_id, proxy_user) values (?, ?)")
                    .param(jobId)
                    .param(proxyUser)
                    .update();
        } catch (DuplicateKeyException faster) {
            // The same request was repeated, and the other one gave it a number.
        }
        return known(jobId).orElseThrow();
    }

    private Optional<Batch> known(String jobId) {
        return database.sql("select id, job_id, proxy_user from livy_batch where job_id = ?")
                .param(jobId)
                .query(Batch.class)
                .optional();
    }

    Optional<Batch> find(int id) {
        return database.sql("select id, job_id, proxy_user from livy_batch where id = ?")
                .param(id)
                .query(Batch.class)
                .optional();
    }

    /** The newest of this name that the caller may see. */
    Optional<Batch> named(Caller caller, String name) {
        return database.sql("select b.id, b.job_id, b.proxy_user" + OF_CALLER
                        + " and j.name = :name order by b.id desc fetch first 1 rows only")
                .param("all", caller.isOperator())
                .param("owner", caller.owner())
                .param("name", name)
                .query(Batch.class)
                .optional();
    }

    /** One of this name and owner that has not ended. */
    Optional<Batch> live(String owner, String name) {
        return database.sql("select b.id, b.job_id, b.proxy_user from livy_batch b join job j on j.id = b.job_id"
                        + " where j.owner = :owner and j.name = :name and j.state in (:live)"
                        + " order by b.id fetch first 1 rows only")
                .param("owner", owner)
                .param("name", name)
                .param("live", LIVE)
                .query(Batch.class)
                .optional();
    }

    List<Batch> page(Caller caller, int from, int size) {
        return database.sql("select b.id, b.job_id, b.proxy_user" + OF_CALLER
                        + " order by b.id offset :first rows fetch next :size rows only")
                .param("all", caller.isOperator())
                .param("owner", caller.owner())
                .param("first", from)
                .param("size", size)
                .query(Batch.class)
                .list();
    }

    int count(Caller caller) {
        return database.sql("select count(*)" + OF_CALLER)
                .param("all", caller.isOperator())
                .param("owner", caller.owner())
                .query(Integer.class)
                .single();
    }
}
