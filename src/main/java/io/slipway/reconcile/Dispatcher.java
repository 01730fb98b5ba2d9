package io.slipway.reconcile;

import io.slipway.compute.Compute;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Run;
import io.slipway.jobs.UnknownJob;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/** Sends queued jobs to their cluster: the intent is committed first, then the cluster is asked, then its answer is written. */
@Component
class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    /** As many as one AddJobFlowSteps call may carry: EMR's limit of active steps. */
    private static final int BATCH = 256;

    private final FairQueue queue;
    private final JobTransactions transactions;
    private final Leadership leadership;
    private final Clock clock;

    Dispatcher(FairQueue queue, JobTransactions transactions, Leadership leadership, Clock clock) {
        this.queue = queue;
        this.transactions = transactions;
        this.leadership = leadership;
        this.clock = clock;
    }

    /** Fills the free slots of the cluster with the jobs whose turn it is. */
    void fill(Compute cluster, int live) {
        int free = Math.min(BATCH, cluster.target().slots() - live);
        if (free > 0) {
            send(cluster, queue.next(cluster.target().name(), free));
        }
    }

    /** Starts the jobs, for the first time or again under the same key. */
    void send(Compute cluster, List<Job> wanted) {
        Map<String, String> jobOfKey = new HashMap<>();
        List<RunOrder> orders = new ArrayList<>();
        for (Job job : wanted) {
            intend(job, orders, jobOfKey);
        }
        if (orders.isEmpty() || !leadership.isLeader()) {
            // What was intended and not sent is found to be absent by the next look, whoever leads then.
            return;
        }
        for (StartResult result : cluster.start(orders)) {
            tell(Objects.requireNonNull(jobOfKey.get(result.submissionKey()), "an answer to no order"), result);
        }
    }

    private void intend(Job seen, List<RunOrder> orders, Map<String, String> jobOfKey) {
        Instant now = clock.instant();
        try {
            Job job = transactions.decide(seen, fresh -> fresh.submitting(now, leadership.self()));
            Run run = job.currentRun().orElseThrow();
            orders.add(new RunOrder(run.ref(), job.name(), job.plan()));
            jobOfKey.put(run.submissionKey(), job.id());
        } catch (OptimisticLockingFailureException | IllegalJobChange | UnknownJob overtaken) {
            log.debug("Job {} changed before it could be sent: {}", seen.id(), overtaken.getMessage());
        }
    }

    private void tell(String jobId, StartResult result) {
        try {
            transactions.apply(jobId, job -> result.tell(job, clock.instant()));
        } catch (IllegalJobChange overtaken) {
            log.debug("Job {} went on before the answer was written: {}", jobId, overtaken.getMessage());
        }
    }
}
