package io.slipway.logs;

import io.slipway.compute.Clusters;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunProgress;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** How far a job is that runs, in its driver's own words, as this replica knows it. It answers from memory. */
@Component
public class JobProgress {

    private final Clusters clusters;

    JobProgress(Clusters clusters) {
        this.clusters = clusters;
    }

    /** Somebody looks at this very job: what is new of it is there the next time. */
    public Optional<RunProgress> watched(Job job) {
        return of(job, true);
    }

    /** Among many: what somebody else's look has brought. */
    public Optional<RunProgress> known(Job job) {
        return of(job, false);
    }

    private Optional<RunProgress> of(Job job, boolean isWatched) {
        if (job.state() != JobState.RUNNING) {
            return Optional.empty();
        }
        return job.currentRun()
                .flatMap(run -> clusters.find(job.cluster())
                        .flatMap(cluster ->
                                cluster.signs().progress(new RunOrder(run.ref(), job.name(), job.plan()), isWatched)));
    }
}
