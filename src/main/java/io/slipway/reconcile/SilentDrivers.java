package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.Clusters;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Run;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Drivers that were heard, and are not heard any more although somebody listens: each time that is a reason to look at their runs, and a
 * line on their jobs.
 */
@Component
class SilentDrivers {

    private static final Logger log = LoggerFactory.getLogger(SilentDrivers.class);

    private final Clusters clusters;
    private final Jobs jobs;
    private final JobTransactions transactions;
    private final ClusterEvents clusterEvents;
    private final Leadership leadership;
    private final Clock clock;

    /** The silent ones that have their line in the history. */
    private final Set<String> recorded = new HashSet<>();

    SilentDrivers(
            Clusters clusters,
            Jobs jobs,
            JobTransactions transactions,
            ClusterEvents clusterEvents,
            Leadership leadership,
            Clock clock) {
        this.clusters = clusters;
        this.jobs = jobs;
        this.transactions = transactions;
        this.clusterEvents = clusterEvents;
        this.leadership = leadership;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${slipway.reconcile.silent-drivers:15s}")
    void look() {
        if (!leadership.isLeader()) {
            recorded.clear();
            return;
        }
        Set<String> silent = new HashSet<>();
        for (Cluster cluster : clusters.all()) {
            silent.addAll(cluster.signs().silent());
        }
        recorded.retainAll(silent);
        silent.removeAll(recorded);
        if (!silent.isEmpty()) {
            jobs.runsOf(silent).forEach(this::lookSooner);
            recorded.addAll(silent);
        }
    }

    private void lookSooner(Run run) {
        Job job = run.job();
        if (job.state() != JobState.RUNNING || run.endedAt() != null || run.programEnd() != null) {
            return;
        }
        try {
            transactions.apply(
                    job.id(), fresh -> fresh.aftermath(run.submissionKey()).driverIsSilent(clock.instant()));
        } catch (RuntimeException failure) {
            log.warn("That the driver of {} is silent was not written: {}", run.submissionKey(), failure.toString());
        }
        clusterEvents
                .add(ClusterEvent.silentDriver(job.cluster(), run.submissionKey()))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        log.debug("Nobody looked at {}, whose driver is silent", run.submissionKey());
                    }
                });
    }
}
