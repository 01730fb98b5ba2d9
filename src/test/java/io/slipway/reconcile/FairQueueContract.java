package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.Artifacts;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.jobs.SubmissionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Whose job goes next, on both kinds of database. */
@ReconcilePersistence
abstract class FairQueueContract {

    private final String cluster = "cluster-" + UUID.randomUUID();

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private Artifacts artifacts;

    private StoredJobs stored;
    private FairQueue queue;

    @BeforeEach
    void newLeader() {
        stored = new StoredJobs(transactions, artifacts);
        queue = new FairQueue(jobs);
    }

    @Test
    void letsOwnersTakeTurns() {
        wait("ann", 4);
        wait("bob", 1);
        wait("cid", 2);
        assertThat(owners(queue.next(cluster, 6))).containsExactly("ann", "bob", "cid", "ann", "cid", "ann");
    }

    @Test
    void doesNotStarveAnOwnerWhoCameAfterAThousandJobsOfAnother() {
        wait("ann", 40);
        wait("bob", 1);
        List<String> started = new ArrayList<>();
        for (int tick = 0; tick < 3; tick++) {
            Job next = queue.next(cluster, 1).get(0);
            started.add(next.owner().value());
            queue.served(cluster, List.of(next));
            transactions.apply(next.id(), job -> job.submitting(StoredJobs.NOW, "test", null));
        }
        assertThat(started).containsExactly("ann", "bob", "ann");
    }

    @Test
    void whatTheClusterGaveBackGoesFirstAsItWasSentAndCostsNoTurn() {
        Job first = pending("ann", 0);
        Job second = pending("bob", 1);
        wait("ann", 1);
        wait("cid", 1);
        Job urgent = stored.queued(Wanted.of("dan").on(cluster).first(10));
        giveBack(second);
        giveBack(first);

        List<Job> next = queue.next(cluster, 3);
        assertThat(next).extracting(Job::id).containsExactly(first.id(), second.id(), urgent.id());
        assertThat(queue.next(cluster, 1)).extracting(Job::id).containsExactly(first.id());

        queue.served(cluster, next.subList(0, 2));
        next.subList(0, 2)
                .forEach(job -> transactions.apply(job.id(), fresh -> fresh.submitting(StoredJobs.NOW, "test", null)));
        assertThat(owners(queue.next(cluster, 3)))
                .as("ann's turn was not taken twice")
                .containsExactly("dan", "ann", "cid");
    }

    private Job pending(String owner, int second) {
        Instant at = StoredJobs.NOW.plusSeconds(second);
        Job job = stored.queued(Wanted.of(owner).on(cluster));
        transactions.apply(job.id(), fresh -> fresh.submitting(at, "test", null));
        return transactions.apply(job.id(), fresh -> fresh.accepted("s-" + fresh.id(), null, at));
    }

    private void giveBack(Job job) {
        Instant at = StoredJobs.NOW;
        transactions.apply(
                job.id(),
                fresh -> fresh.withdrawAsked(fresh.currentRun().orElseThrow().ref(), at));
        transactions.apply(
                job.id(),
                fresh -> fresh.observed(
                        new RunReport(
                                new SubmissionKey(job.id() + "-1"),
                                RunReport.Phase.CANCELLED,
                                "s-" + job.id(),
                                null,
                                at,
                                null,
                                null,
                                at),
                        RunTraits.NONE,
                        at));
    }

    @Test
    void takesNoTurnFromAnOwnerWhoseJobCouldNotGo() {
        wait("ann", 1);
        wait("bob", 1);
        assertThat(owners(queue.next(cluster, 1))).containsExactly("ann");
        assertThat(owners(queue.next(cluster, 1))).containsExactly("ann");
    }

    @Test
    void takesEachOwnersOldestFirst() {
        List<JobId> ids = wait("ann", 3);
        assertThat(queue.next(cluster, 3)).extracting(Job::id).containsExactlyElementsOf(ids);
    }

    @Test
    void letsAHigherPriorityGoFirst() {
        stored.queued(Wanted.of("ann").on(cluster).first(-10));
        wait("ann", 2);
        stored.queued(Wanted.of("bob").on(cluster).first(10));
        assertThat(owners(queue.next(cluster, 3))).containsExactly("bob", "ann", "ann");
        assertThat(owners(queue.next(cluster, 9))).hasSize(4);
    }

    @Test
    void beginsWithWhoWaitsLongestWhenTheLeaderIsNew() {
        wait("bob", 1);
        wait("ann", 1);
        queue.next(cluster, 1);
        assertThat(owners(new FairQueue(jobs).next(cluster, 1))).containsExactly("bob");
    }

    @Test
    void hasNothingForAClusterThatNobodyWaitsFor() {
        assertThat(queue.next(cluster, 5)).isEmpty();
    }

    private List<JobId> wait(String owner, int count) {
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(stored.queued(Wanted.of(owner).on(cluster)).id());
        }
        return ids;
    }

    private static List<String> owners(List<Job> jobs) {
        return jobs.stream().map(job -> job.owner().value()).toList();
    }
}
