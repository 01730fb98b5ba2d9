package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.StoredJobs.Wanted;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Readers that wait are told, on both kinds of database. */
abstract class JobWatchContract extends JobsPersistence {

    @Autowired
    private JobWatch watch;

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void tellsAtOnceWhenTheJobIsAlreadyPastTheVersion() {
        Job job = stored.queued(Wanted.of(ann));
        assertThat(watch.past(job.id(), job.version() - 1)).isCompleted();
    }

    @Test
    void tellsAtOnceWhenThisReplicaChangesTheJob() {
        Job job = stored.queued(Wanted.of(ann));
        Job other = stored.queued(Wanted.of(ann));
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        CompletableFuture<Void> otherChange = watch.past(other.id(), other.version());
        transactions.apply(job.id(), fresh -> fresh.cancelRequested(ann, StoredJobs.NOW));
        assertThat(change).isCompleted();
        assertThat(otherChange).isNotDone();
    }

    @Test
    void tellsAtTheNextLookWhenAnotherReplicaChangedTheJob() {
        Job job = stored.queued(Wanted.of(ann));
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        jdbc.update("update job set version = version + 1 where id = ?", job.id());
        assertThat(change).isNotDone();
        watch.look();
        assertThat(change).isCompleted();
    }

    @Test
    void tellsWhenTheJobIsGone() {
        CompletableFuture<Void> change = watch.past("01JD0000000000000000000000", 0);
        assertThat(change).isCompleted();
    }

    @Test
    void forgetsWhoWaitsNoLonger() {
        Job job = stored.queued(Wanted.of(ann));
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        change.cancel(false);
        transactions.apply(job.id(), fresh -> fresh.cancelRequested(ann, StoredJobs.NOW));
        watch.look();
        assertThat(change).isCancelled();
    }
}
