package io.slipway.reconcile;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.compute.Cluster;
import io.slipway.compute.LeftoverCleanup;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.jobs.Cleanup;
import io.slipway.jobs.Cleanups;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.SubmissionKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Ends what stopped runs left on a cluster: one step at a time for each cluster, for as many runs as wait then. */
@Component
class LeftoverCleanups {

    private static final Logger log = LoggerFactory.getLogger(LeftoverCleanups.class);

    private final Cleanups cleanups;
    private final Worklist worklist;
    private final JobTransactions transactions;
    private final TransactionTemplate transaction;
    private final Leadership leadership;
    private final Clock clock;

    LeftoverCleanups(
            Cleanups cleanups,
            Worklist worklist,
            JobTransactions transactions,
            PlatformTransactionManager transactionManager,
            Leadership leadership,
            Clock clock) {
        this.cleanups = cleanups;
        this.worklist = worklist;
        this.transactions = transactions;
        this.transaction = new TransactionTemplate(transactionManager);
        this.leadership = leadership;
        this.clock = clock;
    }

    /** The cleanup that is under way on the cluster; it fills a slot and is looked at with the runs. */
    List<RunRef> live(Cluster cluster) {
        String name = cluster.traits().name();
        return worklist.mayBeLeft(name)
                ? cleanups.findByCluster(name).stream().map(Cleanup::ref).toList()
                : List.of();
    }

    /** The runs for which none was sent yet, as many as go together. */
    List<Run> waiting(Cluster cluster) {
        String name = cluster.traits().name();
        return cluster.traits().leavesSomething() && worklist.mayBeLeft(name)
                ? cleanups.runsWaiting(name, Limit.of(LeftoverCleanup.AT_ONCE))
                : List.of();
    }

    /**
     * Sends a cleanup when there is none and a slot is free. Returns whether it did.
     *
     * @param left the runs that wait for one
     * @param unexpected runs on the cluster that are none of ours
     */
    boolean send(Cluster cluster, List<Run> left, List<RunRef> unexpected, int freeSlots) {
        Optional<LeftoverCleanup> cleanup = cluster.cleanup();
        if (cleanup.isEmpty()) {
            left.forEach(this::giveUp);
            return false;
        }
        if (left.isEmpty() || freeSlots <= 0 || !live(cluster).isEmpty()) {
            return false;
        }
        // A second step that is still being stopped may yet start something under its tag.
        Set<SubmissionKey> stillThere =
                unexpected.stream().map(RunRef::submissionKey).collect(Collectors.toSet());
        List<Run> waiting = left.stream()
                .filter(run -> !stillThere.contains(run.submissionKey()))
                .toList();
        if (waiting.isEmpty()) {
            return false;
        }
        Run first = waiting.get(0);
        Optional<LeftoverCleanup.Prepared> prepared =
                cleanup.get().prepare(first.ref().clusterId());
        prepared.ifPresent(ready -> send(cluster, waiting, ready));
        return prepared.isPresent();
    }

    private void send(Cluster cluster, List<Run> waiting, LeftoverCleanup.Prepared prepared) {
        Run first = waiting.get(0);
        Instant now = clock.instant();
        Cleanup intent = cleanups.save(new Cleanup(
                UlidCreator.getMonotonicUlid().toString(),
                cluster.traits().name(),
                first.ref().clusterId(),
                now,
                leadership.self()));
        SubmissionKey key = intent.ref().submissionKey();
        waiting.stream()
                .filter(run -> run.job().hasRoleOf(first.job())
                        && Objects.equals(run.ref().clusterId(), first.ref().clusterId()))
                .forEach(run -> transactions.apply(
                        run.job().id(),
                        job -> job.aftermath(run.submissionKey()).cleanupSent(key)));
        call(cluster, prepared, intent.ref());
    }

    /** Cleanups may have been turned off while runs waited for one. */
    private void giveUp(Run run) {
        transactions.apply(
                run.job().id(), job -> job.aftermath(run.submissionKey()).cleanupGivenUp(clock.instant()));
    }

    private void call(Cluster cluster, LeftoverCleanup.Prepared prepared, RunRef ref) {
        List<RunOrder> stopped = cleanups.runsOf(ref.submissionKey()).stream()
                .map(run -> new RunOrder(run.ref(), run.job().name(), run.job().plan()))
                .toList();
        if (stopped.isEmpty()) {
            // The service ended after it had written the intent and before it could write for whom.
            change(ref, cleanups::delete);
            return;
        }
        StartResult result = prepared.start(ref, stopped);
        if (result instanceof StartResult.Accepted accepted) {
            change(ref, cleanup -> cleanup.accepted(accepted.remoteId()));
        } else if (result instanceof StartResult.Rejected rejected) {
            end(ref, isGone(rejected.reason()), rejected.reason().message());
        } else {
            // Whether it was sent or not, it is looked for like a run, and sent again when it is not there.
            log.info(
                    "The cleanup {} waits on {}.",
                    ref.submissionKey(),
                    cluster.traits().name());
        }
    }

    /** The result of a look at a cleanup. */
    void apply(Cluster cluster, RunReport report) {
        Optional<Cleanup> known = cleanups.findById(report.submissionKey());
        if (known.isEmpty()) {
            return;
        }
        RunRef ref = known.get().ref();
        switch (report.phase()) {
            case PENDING, RUNNING -> change(ref, cleanup -> cleanup.accepted(report.remoteId()));
            case SUCCEEDED -> end(ref, true, "");
            case FAILED, CANCELLED -> {
                Reason reason = report.reason();
                end(ref, reason != null && isGone(reason), reason == null ? "It was cancelled." : reason.message());
            }
            case ABSENT -> absent(cluster, ref, report);
        }
    }

    private void absent(Cluster cluster, RunRef ref, RunReport report) {
        Instant proven = ref.intentAt().plus(cluster.traits().settle());
        if (report.lookedFrom().isBefore(proven)) {
            return;
        }
        Instant now = clock.instant();
        cluster.cleanup()
                .flatMap(cleanup -> cleanup.prepare(ref.clusterId()))
                .ifPresent(prepared -> change(ref, cleanup -> cleanup.intended(now, leadership.self()))
                        .ifPresent(again -> call(cluster, prepared, again)));
    }

    /** What ran on a cluster that is gone is gone with it. */
    private static boolean isGone(Reason reason) {
        return reason.code() == Reason.Code.CLUSTER_GONE;
    }

    private void end(RunRef ref, boolean done, String why) {
        SubmissionKey key = ref.submissionKey();
        if (!done) {
            log.warn("The cleanup {} failed: {}", key, why);
        }
        cleanups.runsOf(key)
                .forEach(run -> transactions.apply(
                        run.job().id(),
                        job -> job.aftermath(run.submissionKey()).cleanedUp(key, done ? null : why, clock.instant())));
        change(ref, cleanups::delete);
    }

    /** Only if nobody has intended it anew since. */
    private Optional<RunRef> change(RunRef seen, Consumer<Cleanup> verb) {
        return Objects.requireNonNull(transaction.execute(status -> cleanups.findById(seen.submissionKey())
                .filter(fresh -> fresh.ref().intentAt().equals(seen.intentAt()))
                .map(fresh -> {
                    verb.accept(fresh);
                    return fresh.ref();
                })));
    }
}
