package io.slipway.reconcile;

import io.slipway.compute.Compute;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunRef;
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

    void sweep(Compute cluster) {
        List<RunRef> strays = cluster.strays();
        if (strays.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Map<String, Run> ours = jobs
                .runsOf(strays.stream().map(RunRef::submissionKey).toList())
                .stream()
                .collect(Collectors.toMap(Run::submissionKey, Function.identity()));
        List<RunRef> due = strays.stream()
                .filter(stray -> isDuplicate(stray, ours.get(stray.submissionKey())))
                .filter(stray -> isDue(stray, now))
                .toList();
        if (!due.isEmpty()) {
            stop(cluster, due, ours, now);
        }
    }

    private static boolean isDuplicate(RunRef stray, @Nullable Run own) {
        if (own == null) {
            return false;
        }
        if (own.remoteId() != null) {
            return !own.remoteId().equals(stray.remoteId());
        }
        // A person was asked to look for a run of unknown fate: it is not taken away. Any other ended job has no run.
        Job job = own.job();
        return job.state().isTerminal()
                && job.reason()
                        .filter(reason -> reason.code() == Reason.Code.SUBMISSION_UNKNOWN)
                        .isEmpty();
    }

    private boolean isDue(RunRef stray, Instant now) {
        Instant last = cancelled.get(id(stray));
        return last == null || !now.isBefore(last.plus(settings.cancelAgain()));
    }

    private void stop(Compute cluster, List<RunRef> due, Map<String, Run> ours, Instant now) {
        try {
            cluster.cancel(due);
        } catch (ComputeUnavailable failure) {
            log.warn(
                    "Duplicates on {} could not be cancelled: {}",
                    cluster.target().name(),
                    failure.getMessage());
            return;
        }
        for (RunRef stray : due) {
            if (cancelled.put(id(stray), now) == null) {
                String jobId = Objects.requireNonNull(ours.get(stray.submissionKey()))
                        .job()
                        .id();
                log.error("Job {} has a second run on the cluster, {}; it is being cancelled.", jobId, id(stray));
                transactions.apply(
                        jobId,
                        job -> job.aftermath(stray.submissionKey())
                                .duplicateFound(stray, cluster.leavesSomething(), cluster.cleansUp(), now));
            }
        }
    }

    private static String id(RunRef stray) {
        return Objects.requireNonNull(stray.remoteId(), "a stray is known by its id");
    }
}
