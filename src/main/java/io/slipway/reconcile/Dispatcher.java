package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.PlannedRun;
import io.slipway.compute.PreparedBatch;
import io.slipway.compute.StartResult;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import io.slipway.jobs.UnknownJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/** Sends queued jobs to their cluster: the intent is committed first, then the cluster is asked, then its answer is written. */
@Component
class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final FairQueue queue;
    private final JobTransactions transactions;
    private final EnvironmentFit environments;
    private final OrderDesk orders;
    private final Leadership leadership;
    private final Clock clock;
    private final Backoff backoff;
    private final Duration longestIntending;

    Dispatcher(
            FairQueue queue,
            JobTransactions transactions,
            EnvironmentFit environments,
            OrderDesk orders,
            Leadership leadership,
            ReconcileSettings settings,
            Clock clock) {
        this.queue = queue;
        this.transactions = transactions;
        this.environments = environments;
        this.orders = orders;
        this.leadership = leadership;
        this.clock = clock;
        this.backoff = new Backoff(settings.tick());
        this.longestIntending = settings.lease().dividedBy(3);
    }

    /**
     * Fills free slots of the cluster with the jobs whose turn it is.
     *
     * @param slots how many may be filled
     */
    void fill(Cluster cluster, int slots) {
        if (slots <= 0 || backoff.isOn(name(cluster), clock.instant())) {
            return;
        }
        List<Job> wanted = queue.next(name(cluster), slots);
        if (wanted.isEmpty()) {
            return;
        }
        Map<SubmissionKey, Job> byKey = new HashMap<>();
        wanted.forEach(job -> byKey.put(job.submissionKey(), job));
        List<StartResult> results = cluster.executor().prepare(planned(wanted)).stream()
                .flatMap(batch -> send(cluster, batch, byKey).stream())
                .toList();
        if (results.isEmpty()) {
            return;
        }
        if (results.stream().allMatch(StartResult.NotNow.class::isInstance)) {
            backoff.tookNothing(name(cluster), clock.instant());
        } else {
            backoff.took(name(cluster));
        }
    }

    private static List<PlannedRun> planned(List<Job> jobs) {
        return jobs.stream()
                .map(job -> new PlannedRun(job.submissionKey(), job.name(), job.plan()))
                .toList();
    }

    private List<StartResult> send(Cluster cluster, PreparedBatch batch, Map<SubmissionKey, Job> wanted) {
        // What the cluster's name stands for was settled when the batch was prepared.
        List<Job> jobs = environments.of(batch.submissionKeys().stream()
                .map(key -> Objects.requireNonNull(wanted.get(key), "a run that nobody wanted"))
                .toList());
        Map<SubmissionKey, Intent> intents = intended(jobs, batch.clusterId());
        if (intents.isEmpty()) {
            return List.of();
        }
        if (batch.clusterId() != null) {
            intents.values().forEach(intent -> orders.goesTo(name(cluster), batch.clusterId(), intent.jobId()));
        }
        List<RunRef> runs = intents.values().stream().map(Intent::run).toList();
        List<StartResult> results = leadership.isLeader() ? batch.start(runs) : notSent(runs);
        record(intents, results);
        queue.served(name(cluster), jobs);
        return results;
    }

    /** Nobody knows better than who wrote an intent that nothing was done under it: unless another has written one since, it goes on. */
    private static List<StartResult> notSent(List<RunRef> runs) {
        return runs.stream()
                .<StartResult>map(run -> new StartResult.NotNow(
                        run.submissionKey(), "It was not sent: this replica does not lead any more."))
                .toList();
    }

    private static String name(Cluster cluster) {
        return cluster.traits().name();
    }

    private record Intent(JobId jobId, RunRef run) {}

    private Map<SubmissionKey, Intent> intended(List<Job> jobs, @Nullable String clusterId) {
        Map<SubmissionKey, Intent> intents = new LinkedHashMap<>();
        Instant latest = clock.instant().plus(longestIntending);
        transactions.changeAll(jobs, job -> intents.put(job.submissionKey(), intend(job, clusterId, latest)), job -> {
            // It may be there by a transaction that was given up.
            intents.remove(job.submissionKey());
            try {
                intents.put(job.submissionKey(), intend(job, clusterId, latest));
            } catch (OptimisticLockingFailureException | IllegalJobChange | UnknownJob | TooLate overtaken) {
                log.debug("Job {} is not sent now: {}", job.id(), overtaken.getMessage());
            }
        });
        return intents;
    }

    /** A slow database: the first intents would be too old to be sent. The others stay in the queue. */
    private static final class TooLate extends RuntimeException {}

    private Intent intend(Job seen, @Nullable String clusterId, Instant latest) {
        Instant now = clock.instant();
        if (now.isAfter(latest)) {
            throw new TooLate();
        }
        Job job = transactions.decide(seen, fresh -> fresh.submitting(now, leadership.self(), clusterId));
        return new Intent(job.id(), job.currentRun().orElseThrow().ref());
    }

    private void record(Map<SubmissionKey, Intent> intents, List<StartResult> results) {
        transactions.changeAll(results, result -> record(intent(intents, result), result), result -> {
            Intent intent = intent(intents, result);
            try {
                record(intent, result);
            } catch (IllegalJobChange | UnknownJob overtaken) {
                log.debug("Job {} went on before the answer was written: {}", intent.jobId(), overtaken.getMessage());
            } catch (RuntimeException failure) {
                // The others' answers are written all the same; this one is found again by the run's name.
                log.warn("The answer to job {} was not written: {}", intent.jobId(), failure.toString());
            }
        });
    }

    private static Intent intent(Map<SubmissionKey, Intent> intents, StartResult result) {
        return Objects.requireNonNull(intents.get(result.submissionKey()), "an answer to no order");
    }

    private void record(Intent intent, StartResult result) {
        transactions.apply(intent.jobId(), job -> {
            // A sender that was paused may hear its answer when another has written a newer intent.
            if (result.isFact() ? job.isAt(intent.run()) : job.isIntended(intent.run())) {
                result.apply(job, clock.instant());
            }
        });
    }
}
