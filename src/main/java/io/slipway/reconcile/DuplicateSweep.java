package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Stops what runs under the key of a run of ours and is not that run. It is the last line behind the fences of a submission; what
 * carries a key that is not in our table belongs to another installation and is left alone.
 */
@Component
class DuplicateSweep {

    private static final Logger log = LoggerFactory.getLogger(DuplicateSweep.class);

    private final Jobs jobs;
    private final JobTransactions transactions;
    private final ReconcileSettings settings;
    private final Clock clock;
    private final Map<String, Instant> cancelled = new ConcurrentHashMap<>();

    DuplicateSweep(Jobs jobs, JobTransactions transactions, ReconcileSettings settings, Clock clock) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param unexpected runs that a look met and was not asked about */
    void sweep(Cluster cluster, List<RunRef> unexpected) {
        if (unexpected.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Map<SubmissionKey, Run> ours = jobs
                .runsOf(unexpected.stream().map(RunRef::submissionKey).toList())
                .stream()
                .collect(Collectors.toMap(Run::submissionKey, Function.identity()));
        List<RunRef> due = unexpected.stream()
                .filter(run -> isDuplicate(run, ours.get(run.submissionKey())))
                .filter(run -> isDue(run, now))
                .toList();
        if (!due.isEmpty()) {
            stop(cluster, due, ours, now);
        }
    }

    private static boolean isDuplicate(RunRef run, @Nullable Run own) {
        if (own == null) {
            return false;
        }
        if (own.remoteId() != null) {
            return !own.remoteId().equals(run.remoteId());
        }
        // A person was asked to look for a run of unknown fate: it is not taken away. Any other ended job has no run.
        Job job = own.job();
        return job.state().isTerminal()
                && job.reason()
                        .filter(reason -> reason.code() == Reason.Code.SUBMISSION_UNKNOWN)
                        .isEmpty();
    }

    private boolean isDue(RunRef run, Instant now) {
        Instant last = cancelled.get(id(run));
        return last == null || !now.isBefore(last.plus(settings.cancelAgain()));
    }

    private void stop(Cluster cluster, List<RunRef> due, Map<SubmissionKey, Run> ours, Instant now) {
        try {
            cluster.executor().cancel(due);
        } catch (ComputeUnavailable failure) {
            log.warn(
                    "Duplicates on {} could not be cancelled: {}",
                    cluster.traits().name(),
                    failure.getMessage());
            return;
        }
        for (RunRef run : due) {
            if (cancelled.put(id(run), now) == null) {
                JobId jobId = Objects.requireNonNull(ours.get(run.submissionKey()))
                        .job()
                        .id();
                log.error("Job {} has a second run on the cluster, {}; it is being cancelled.", jobId, id(run));
                transactions.apply(
                        jobId,
                        job -> job.aftermath(run.submissionKey())
                                .duplicateFound(
                                        run,
                                        cluster.traits().leavesSomething(),
                                        cluster.cleanup().isPresent(),
                                        now));
            }
        }
    }

    private static String id(RunRef run) {
        return Objects.requireNonNull(run.remoteId(), "an unexpected run is known by its id");
    }
}
