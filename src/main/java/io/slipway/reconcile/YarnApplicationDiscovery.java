package io.slipway.reconcile;

import io.slipway.compute.Clusters;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunOrder;
import io.slipway.jobs.Application;
import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Run;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Finds out, on the leader, which application each run started on its cluster, from what was shipped of the run's logs. Without that its
 * driver's logs cannot be found. It reads logs, a few runs at a time, and costs no call of the clusters' budget.
 */
@Component
class YarnApplicationDiscovery {

    private static final Logger log = LoggerFactory.getLogger(YarnApplicationDiscovery.class);

    private static final int RUNS_A_ROUND = 50;
    private static final Duration AGAIN_WHILE_IT_RUNS = Duration.ofMinutes(2);
    private static final Duration AGAIN_AFTER_ITS_END = Duration.ofSeconds(45);

    /** What was not shipped this long after the end of a run is not shipped any more. */
    static final Duration LATEST = Duration.ofMinutes(45);

    private final Jobs jobs;
    private final JobTransactions transactions;
    private final Clusters clusters;
    private final Leadership leadership;
    private final Clock clock;

    YarnApplicationDiscovery(
            Jobs jobs, JobTransactions transactions, Clusters clusters, Leadership leadership, Clock clock) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.clusters = clusters;
        this.leadership = leadership;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${slipway.reconcile.applications:2s}")
    void look() {
        if (!leadership.isLeader()) {
            return;
        }
        Set<String> silent = new HashSet<>();
        // Together: a statement for each of fifty runs is more work than the looks.
        Map<Optional<Instant>, List<String>> later = new HashMap<>();
        Instant now = clock.instant();
        for (Run run : jobs.runsExpectingAnApplication(now, Limit.of(RUNS_A_ROUND))) {
            if (!leadership.isLeader()) {
                return;
            }
            if (!silent.contains(run.job().cluster()) && !isFoundAlone(run, silent)) {
                later.computeIfAbsent(again(run, now), next -> new ArrayList<>())
                        .add(run.submissionKey().value());
            }
        }
        later.forEach((next, keys) -> jobs.lookForApplications(keys, next.orElse(null)));
    }

    /** One run's trouble is its own; a cluster whose logs do not answer is left alone for this round. */
    private boolean isFoundAlone(Run run, Set<String> silent) {
        try {
            Optional<Application> found = find(run);
            if (found.isPresent()) {
                Instant now = clock.instant();
                transactions.apply(
                        run.job().id(),
                        job -> job.aftermath(run.submissionKey()).applicationFound(found.get(), now));
            }
            return found.isPresent();
        } catch (ComputeUnavailable failure) {
            silent.add(run.job().cluster());
            log.warn("The application of run {} is not known: {}", run.submissionKey(), failure.getMessage());
        } catch (RuntimeException failure) {
            log.warn("The application of run {} is not known: {}", run.submissionKey(), failure.toString());
        }
        return false;
    }

    private Optional<Application> find(Run run) {
        Job job = run.job();
        return clusters.find(job.cluster())
                .flatMap(cluster -> cluster.output().findApplication(new RunOrder(run.ref(), job.name(), job.plan())));
    }

    /** Whether somebody waits for it. */
    private static boolean isWanted(Run run, Instant now) {
        Instant wanted = run.applicationWantedAt();
        return wanted != null && now.isBefore(wanted.plus(ApplicationWishes.HOLDS));
    }

    private static Instant begin(Run run) {
        return run.startedAt() == null ? run.intentAt() : run.startedAt();
    }

    /** Empty for never. */
    private static Optional<Instant> again(Run run, Instant now) {
        Instant ended = run.endedAt();
        Duration seldom = ended == null ? AGAIN_WHILE_IT_RUNS : AGAIN_AFTER_ITS_END;
        Duration pause = isWanted(run, now) ? Pace.after(Duration.between(begin(run), now), seldom) : seldom;
        boolean tooLate = ended != null && now.isAfter(ended.plus(LATEST));
        return tooLate ? Optional.empty() : Optional.of(now.plus(pause));
    }
}
