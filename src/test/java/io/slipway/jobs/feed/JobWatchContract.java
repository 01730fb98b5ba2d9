package io.slipway.jobs.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Owner;
import io.slipway.jobs.StoredJobs;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Readers that wait are told, on both kinds of database. */
abstract class JobWatchContract extends FeedPersistence {

    @Autowired
    private JobWatch watch;

    @Autowired
    private JdbcTemplate jdbc;

    private FeedPoller poller;

    @BeforeEach
    void follow() {
        poller = new FeedPoller(
                feed, List.of(watch), new Faults(new SimpleMeterRegistry()), new Heartbeat(System::nanoTime));
        poller.pass();
    }

    @Test
    void tellsAtOnceWhenTheJobIsAlreadyPastTheVersion() {
        Job job = aJobOf(ann);
        assertThat(watch.past(job.id(), job.version() - 1)).isCompleted();
    }

    @Test
    void tellsWhoeverWaitsForTheJobThatChanged() {
        Job job = aJobOf(ann);
        Job other = aJobOf(ann);
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        CompletableFuture<Void> otherChange = watch.past(other.id(), other.version());
        transactions.apply(job.id(), fresh -> fresh.cancelRequested(ann, StoredJobs.NOW));
        poller.pass();
        assertThat(change).isCompleted();
        assertThat(otherChange).isNotDone();
    }

    @Test
    void tellsNothingOfALineThatTheReaderKnows() {
        Job job = aJobOf(ann);
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        poller.pass();
        assertThat(change).isNotDone();
    }

    @Test
    void tellsNothingOfWhatWasReadBeforeTheVersionThatTheReaderKnows() {
        Job job = aJobOf(ann);
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        FeedEvent older = new FeedEvent(
                1,
                new FeedEvent.Subject(job.id(), "squares", new Owner(ann), "local", job.version() - 1, false, null),
                new FeedEvent.Change(StoredJobs.NOW, null, JobState.RECEIVING, null, null, ann, null, null),
                false);
        watch.apply(0, List.of(older));
        assertThat(change).isNotDone();
    }

    @Test
    void tellsAtTheNextPassWhenAnotherReplicaChangedTheJob() throws Exception {
        Job job = aJobOf(ann);
        poller.pass();
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        try (Connection replica = database.getConnection()) {
            write(replica, job.id().value(), "changed elsewhere");
            jdbc.update(
                    "update job set version = version + 1 where id = ?",
                    job.id().value());
            poller.pass();
            assertThat(change).isNotDone();
            replica.commit();
        }
        poller.pass();
        assertThat(change).isCompleted();
    }

    @Test
    void tellsWhenTheJobIsGone() {
        assertThat(watch.past(new JobId("01JD0000000000000000000000"), 0)).isCompleted();
    }

    @Test
    void forgetsWhoWaitsNoLonger() {
        Job job = aJobOf(ann);
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        change.cancel(false);
        transactions.apply(job.id(), fresh -> fresh.cancelRequested(ann, StoredJobs.NOW));
        poller.pass();
        assertThat(change).isCancelled();
    }

    @Test
    void letsEverybodyGoWhenTheServiceStops() {
        Job job = aJobOf(ann);
        CompletableFuture<Void> change = watch.past(job.id(), job.version());
        watch.stop();
        assertThat(change).isCompleted();
    }
}
