package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.OnH2;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.compute.ReportedEnd;
import io.slipway.control.HistoryText;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.ProgramEnd;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.jobs.SubmissionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What drivers say, and that they say nothing. */
@ReconcilePersistence
@OnH2
class DriversTest {

    private final MutableClock clock = new MutableClock(StoredJobs.NOW);
    private final FakeCompute cluster = new FakeCompute("local", 3, Duration.ZERO, clock);
    private final ClusterEvents clusterEvents = new ClusterEvents(clock);

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private Artifacts artifacts;

    @Test
    void anEndIsWrittenOnceAndDecidesNothing() {
        Job job = new StoredJobs(transactions, artifacts).running(Wanted.of("ann"));
        Instant at = StoredJobs.NOW.plusSeconds(5);
        cluster.tells(key(job), new ReportedEnd(new ProgramEnd(0, at), null));
        ProgramEnds ends = new ProgramEnds(
                Clusters.of(List.of(cluster)), transactions, (where, order, end) -> Explanation.NOTHING_YET, clock);

        ends.ended(job);
        ends.ended(job);
        ends.read();
        ends.ended(fresh(job));
        ends.read();

        assertThat(fresh(job).currentRun().orElseThrow().programEnd()).isEqualTo(new ProgramEnd(0, at));
        assertThat(fresh(job).state()).isEqualTo(JobState.RUNNING);
        assertThat(notes(job)).containsOnlyOnce("The driver says that the program has ended with exit code 0.");
    }

    @Test
    void aDriverThatFallsSilentHasItsRunLookedAtAndIsToldOfOnce() {
        Job job = new StoredJobs(transactions, artifacts).running(Wanted.of("bob"));
        SilentDrivers silent = new SilentDrivers(
                Clusters.of(List.of(cluster)), jobs, transactions, clusterEvents, new TestLeader(() -> true), clock);
        silent.look();
        assertThat(notes(job)).noneMatch(note -> note.contains("has said nothing"));

        cluster.isSilent(key(job));
        silent.look();
        silent.look();

        assertThat(notes(job))
                .filteredOn(note -> note.contains("has said nothing"))
                .hasSize(1);
        List<ClusterEvent> looked = new ArrayList<>();
        clusterEvents.take("local", looked::addAll);
        assertThat(looked).containsExactly(ClusterEvent.silentDriver("local", key(job)));
    }

    private List<String> notes(Job job) {
        return jobs.eventsOf(job.id()).stream()
                .map(HistoryText::of)
                .filter(message -> message != null)
                .toList();
    }

    private Job fresh(Job job) {
        return jobs.findById(job.id()).orElseThrow();
    }

    private static SubmissionKey key(Job job) {
        return job.submissionKey();
    }
}
