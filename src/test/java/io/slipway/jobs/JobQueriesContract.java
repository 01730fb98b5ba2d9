package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.project.ArtifactId;
import io.slipway.project.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the loop asks of the table, on both kinds of database. */
abstract class JobQueriesContract extends JobsPersistence {

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void findsWhatIsOnAClusterOldestFirstWithItsRuns() {
        Job first = stored.running(Wanted.of(ann).on(cluster));
        Job second = stored.pending(Wanted.of(bob).on(cluster));
        stored.queued(Wanted.of(ann).on(cluster));
        stored.running(Wanted.of(ann).on(cluster + "-other"));

        List<Job> live = jobs.findByClusterAndStateInOrderById(
                cluster, EnumSet.of(JobState.SUBMITTING, JobState.PENDING, JobState.RUNNING));

        assertThat(live).extracting(Job::id).containsExactly(first.id(), second.id());
        assertThat(live).allSatisfy(job -> assertThat(job.currentRun()).isPresent());
    }

    @Test
    void readsOfLiveJobsThoseAloneThatHaveChanged() {
        Job running = stored.running(Wanted.of(ann).on(cluster).labelled(Map.of("team", "pricing")));
        Job pending = stored.pending(Wanted.of(bob).on(cluster));
        Job ending = stored.running(Wanted.of(bob).on(cluster));
        stored.queued(Wanted.of(ann).on(cluster));
        stored.running(Wanted.of(ann).on(cluster + "-other"));
        MutableClock clock = new MutableClock(StoredJobs.NOW);
        LiveJobs live = new LiveJobs(jdbc, clock);

        List<Job> first = live.on(cluster);
        transactions.apply(pending.id(), job -> job.cancelRequested(bob, StoredJobs.NOW));
        transactions.apply(ending.id(), job -> job.failed(new Reason(Reason.Code.LOST, "gone"), StoredJobs.NOW));
        assertThat(live.on(cluster)).as("nobody told of it").isSameAs(first);
        live.changed(new JobChanged(pending.id(), cluster, JobState.PENDING, false));
        List<Job> second = live.on(cluster);

        assertThat(first).extracting(Job::id).containsExactly(running.id(), pending.id(), ending.id());
        assertThat(first).allSatisfy(job -> assertThat(job.currentRun()).isPresent());
        assertThat(second).extracting(Job::id).containsExactly(running.id(), pending.id());
        assertThat(second.get(0)).as("not read again").isSameAs(first.get(0));
        assertThat(second.get(1).isStopRequested()).isTrue();
        assertThat(live.on(cluster + "-none")).isEmpty();
        assertThat(live.clusters()).containsExactly(cluster);
    }

    @Test
    void readsLiveJobsAgainThatAnotherReplicaChanged() {
        Job running = stored.running(Wanted.of(ann).on(cluster));
        LiveJobs live = new LiveJobs(jdbc, new MutableClock(StoredJobs.NOW));
        Job first = live.on(cluster).get(0);
        Job changed = transactions.apply(running.id(), job -> job.cancelRequested(bob, StoredJobs.NOW));

        assertThat(live.written(running.id(), cluster, first.version(), JobState.RUNNING))
                .as("known already")
                .isFalse();
        assertThat(live.on(cluster).get(0)).isSameAs(first);
        assertThat(live.written(running.id(), cluster, changed.version(), JobState.RUNNING))
                .isTrue();
        assertThat(live.on(cluster).get(0).isStopRequested()).isTrue();

        Job begun = stored.running(Wanted.of(ann).on(cluster));
        assertThat(live.written(begun.id(), cluster, begun.version(), JobState.QUEUED))
                .as("it is on no cluster")
                .isFalse();
        assertThat(live.written(begun.id(), cluster, begun.version(), JobState.SUBMITTING))
                .isTrue();
        assertThat(live.on(cluster)).hasSize(2);

        live.written(begun.id(), cluster + "-elsewhere", begun.version(), JobState.SUBMITTING);
        assertThat(live.clusters()).as("one of which nothing was known").contains(cluster + "-elsewhere");
    }

    @Test
    void findsOutWhatNobodyToldOfLiveJobs() {
        Job changed = stored.running(Wanted.of(ann).on(cluster));
        stored.running(Wanted.of(ann).on(cluster + "-same"));
        Job gone = stored.running(Wanted.of(ann).on(cluster + "-gone"));
        MutableClock clock = new MutableClock(StoredJobs.NOW);
        LiveJobs live = new LiveJobs(jdbc, clock);
        live.check();
        assertThat(live.clusters()).contains(cluster, cluster + "-same", cluster + "-gone");
        live.on(cluster);
        List<Job> same = live.on(cluster + "-same");
        live.on(cluster + "-gone");
        transactions.apply(changed.id(), job -> job.cancelRequested(bob, StoredJobs.NOW));
        transactions.apply(gone.id(), job -> job.failed(new Reason(Reason.Code.LOST, "gone"), StoredJobs.NOW));
        Job fresh = stored.running(Wanted.of(ann).on(cluster + "-new"));

        live.check();
        assertThat(live.on(cluster).get(0).isStopRequested()).as("too soon").isFalse();
        clock.advance(Duration.ofSeconds(10));
        live.check();
        assertThat(live.on(cluster).get(0).isStopRequested()).isTrue();
        assertThat(live.on(cluster + "-gone")).isEmpty();
        assertThat(live.clusters()).contains(cluster + "-new").doesNotContain(cluster + "-gone");
        assertThat(live.on(cluster + "-new")).extracting(Job::id).containsExactly(fresh.id());
        assertThat(live.on(cluster + "-same")).isSameAs(same);
    }

    /** A replica that begins to lead again has heard nothing for a while. */
    @Test
    void doesNotTrustLiveJobsThatWereNotComparedForLong() {
        Job running = stored.running(Wanted.of(ann).on(cluster));
        MutableClock clock = new MutableClock(StoredJobs.NOW);
        LiveJobs live = new LiveJobs(jdbc, clock);
        live.on(cluster);
        transactions.apply(running.id(), job -> job.cancelRequested(bob, StoredJobs.NOW));
        clock.advance(LiveJobs.OLDEST.plusMillis(1));
        assertThat(live.on(cluster).get(0).isStopRequested()).isTrue();
    }

    @Test
    void notesWhoWaitsForAnApplicationAndKeepsWhyARunFailed() {
        Job job = stored.running(Wanted.of(ann).on(cluster));
        SubmissionKey key = new SubmissionKey(job.id() + "-1");
        Instant now = StoredJobs.NOW;
        transactions.apply(job.id(), fresh -> fresh.aftermath(key).applicationExpected(now.plusSeconds(120)));
        assertThat(jobs.wantApplications(List.of(job.id().value()), now, now.minusSeconds(10), now.minusSeconds(75)))
                .isEqualTo(1);
        assertThat(jobs.runsExpectingAnApplication(now, Limit.of(100)))
                .extracting(Run::submissionKey)
                .contains(key);
        assertThat(jobs.wantApplications(List.of(job.id().value()), now, now.minusSeconds(10), now.minusSeconds(75)))
                .as("noted not long ago")
                .isZero();

        Cause cause = new Cause("KeyError", "'\u00e9\"\\'\nmore", "jobs/a.py", 3);
        Explanation told = new Explanation("KeyError", cause, "Traceback …", 3, true);
        transactions.apply(job.id(), fresh -> fresh.aftermath(key).causeExpected(now));
        transactions.apply(job.id(), fresh -> fresh.aftermath(key).explained(told, now));
        assertThat(jobs.findById(job.id()).orElseThrow().currentRun().map(Run::cause))
                .hasValue(cause);
        assertThat(jobs.tracebackOf(key)).hasValue("Traceback …");
        assertThat(jobs.eventsOf(job.id()))
                .last()
                .extracting(JobEvent::data)
                .isEqualTo(new JobEvent.Data(1, cause, 3, null));
    }

    @Test
    void tellsWhoWaitsForACluster() {
        Job oldest = stored.queued(Wanted.of(ann).on(cluster));
        stored.queued(Wanted.of(ann).on(cluster));
        stored.queued(Wanted.of(ann).on(cluster).first(5));
        stored.queued(Wanted.of(bob).on(cluster));
        stored.running(Wanted.of(bob).on(cluster));

        List<QueueLine> lines = jobs.queueOf(cluster);

        assertThat(lines)
                .extracting(QueueLine::priority, line -> line.owner().value(), QueueLine::jobs)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(0, ann, 2L),
                        org.assertj.core.groups.Tuple.tuple(5, ann, 1L),
                        org.assertj.core.groups.Tuple.tuple(0, bob, 1L));
        assertThat(jobs.oldestOfLine(cluster, JobState.QUEUED, 0, ann, Limit.of(1)))
                .extracting(Job::id)
                .containsExactly(oldest.id());
    }

    @Test
    void findsUploadsWithoutASignOfLife() {
        Job silent = stored.receiving(Wanted.of(ann), StoredJobs.NOW.minusSeconds(100));
        Job alive = stored.receiving(Wanted.of(ann), StoredJobs.NOW);
        assertThat(jobs.findByStateAndHeartbeatAtBefore(JobState.RECEIVING, StoredJobs.NOW.minusSeconds(60)))
                .extracting(Job::id)
                .contains(silent.id())
                .doesNotContain(alive.id());
    }

    @Test
    void findsWhatWaitedTooLong() {
        Job impatient = stored.queued(Wanted.of(ann).limited(new JobSpec.Limits(null, Duration.ofSeconds(10), 1, 0)));
        Job patient = stored.queued(Wanted.of(ann));
        assertThat(jobs.findByStateAndQueueDeadlineAtLessThanEqual(JobState.QUEUED, StoredJobs.NOW.plusSeconds(10)))
                .extracting(Job::id)
                .contains(impatient.id())
                .doesNotContain(patient.id());
    }

    @Test
    void countsJobsByClusterAndState() {
        stored.queued(Wanted.of(ann).on(cluster));
        stored.queued(Wanted.of(bob).on(cluster));
        stored.running(Wanted.of(ann).on(cluster));
        assertThat(jobs.countByClusterAndState(EnumSet.of(JobState.QUEUED, JobState.RUNNING)))
                .filteredOn(load -> load.getCluster().equals(cluster))
                .extracting(Jobs.ClusterLoad::getState, Jobs.ClusterLoad::getJobs)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(JobState.QUEUED, 2L),
                        org.assertj.core.groups.Tuple.tuple(JobState.RUNNING, 1L));
        assertThat(jobs.clustersOf(EnumSet.of(JobState.RUNNING))).contains(cluster);
    }

    @Test
    void countsTheJobsOfOneOwner() {
        stored.queued(Wanted.of(ann));
        stored.running(Wanted.of(ann));
        stored.queued(Wanted.of(bob));
        assertThat(jobs.countByOwnerAndStateIn(ann, EnumSet.of(JobState.QUEUED, JobState.RUNNING)))
                .isEqualTo(2);
        assertThat(jobs.countByOwnerAndStateIn(ann, EnumSet.of(JobState.QUEUED)))
                .isEqualTo(1);
    }

    @Test
    void knowsWhoSentAProject() {
        ArtifactId project = new ArtifactId("%064x".formatted(ann.hashCode() & 0xffffffffL));
        stored.queued(Wanted.of(ann).ofProject(project));
        assertThat(jobs.hasProject(new Owner(ann), project)).isTrue();
        assertThat(jobs.hasProject(new Owner(bob), project)).isFalse();
    }
}
