package io.slipway.control;

import io.slipway.access.Caller;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Ends a job because a caller asks for it. Only the wish is written here: the leader tells the cluster. */
@Component
public class CancelJob {

    private final CallersJobs callersJobs;
    private final JobTransactions transactions;
    private final Clock clock;

    CancelJob(CallersJobs callersJobs, JobTransactions transactions, Clock clock) {
        this.callersJobs = callersJobs;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Repeating it changes nothing.
     *
     * @throws io.slipway.jobs.UnknownJob when there is no such job, or the caller may not see it
     * @throws io.slipway.jobs.IllegalJobChange when the job has ended otherwise
     */
    public Job of(Caller caller, String id) {
        Job job = callersJobs.readable(caller, id);
        return transactions.apply(job.id(), fresh -> fresh.cancelRequested(caller.owner(), clock.instant()));
    }
}
