package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.Observation;
import io.slipway.compute.Occupancy;
import io.slipway.jobs.Cleanup;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.LiveJobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import io.slipway.jobs.SubmissionKey;
import io.slipway.jobs.UnknownJob;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/** Brings the table and one cluster together: deadlines and wishes go out, facts come in. */
@Component
class Reconciler {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final Jobs jobs;
    private final LiveJobs onClusters;
    private final JobTransactions transactions;
    private final DuplicateSweep duplicates;
    private final LeftoverCleanups cleanups;
    private final Causes causes;
    private final Withdrawals withdrawals;
    private final ClusterEvents news;
    private final GatheredLooks gathered;
    private final ClusterSightings sightings;
    private final LoopMetrics metrics;
    private final LastLooks looks = new LastLooks();
    private final ReconcileSettings settings;
    private final Clock clock;

    Reconciler(
            Jobs jobs,
            LiveJobs onClusters,
            JobTransactions transactions,
            DuplicateSweep duplicates,
            LeftoverCleanups cleanups,
            Causes causes,
            Withdrawals withdrawals,
            ClusterEvents news,
            GatheredLooks gathered,
            ClusterSightings sightings,
            LoopMetrics metrics,
            ReconcileSettings settings,
            Clock clock) {
        this.jobs = jobs;
        this.onClusters = onClusters;
        this.transactions = transactions;
        this.duplicates = duplicates;
        this.cleanups = cleanups;
        this.causes = causes;
        this.withdrawals = withdrawals;
        this.news = news;
        this.gathered = gathered;
        this.sightings = sightings;
        this.metrics = metrics;
        this.settings = settings;
        this.clock = clock;
    }

    /** Ends uploads that nobody stores any more, and jobs that waited in our queue for too long. */
    void expire() {
        Instant now = clock.instant();
        Instant lapsed = now.minus(settings.uploadLapse());
        jobs.findByStateAndHeartbeatAtBefore(JobState.RECEIVING, lapsed).forEach(seen -> {
            log.warn("Nobody stores the upload of job {} any more.", seen.id());
            alone(seen, job -> {
                if (next(job, now) == NextStep.EXPIRE) {
                    job.uploadInterrupted(now);
                }
            });
        });
        jobs.findByStateAndQueueDeadlineAtLessThanEqual(JobState.QUEUED, now)
                .forEach(seen -> alone(seen, job -> job.expired(now)));
    }

    /** Nothing of ours is on the cluster any more. */
    void forget(String cluster) {
        looks.forget(cluster);
        onClusters.forget(cluster);
    }

    /** Whether the last look at the cluster stopped before its end: the next turn goes on with it at once. */
    boolean hasMoreToLookAt(Cluster cluster) {
        return !looks.of(cluster).complete();
    }

    /**
     * One turn of one cluster.
     *
     * @return how many of its slots may be filled
     */
    int turn(Cluster cluster, boolean look) {
        List<Job> live = live(cluster);
        withdrawals.record(cluster, live, cleanups.live(cluster).size());
        stop(cluster, live);
        boolean looked = false;
        if (look || withdrawals.wantALook(cluster)) {
            // What an earlier turn began tells how things stood then: nothing is taken back on its word.
            boolean goesOn = hasMoreToLookAt(cluster);
            looked = observe(cluster, live, cleanups.live(cluster)) && !goesOn && !hasMoreToLookAt(cluster);
            live = live(cluster);
            withdrawals.looked(cluster);
        }
        metrics.aged(name(cluster), clock.instant());
        List<Run> left = cleanups.waiting(cluster);
        if (looked) {
            makeWay(cluster, live, left);
        }
        int taken = live.size() + cleanups.live(cluster).size();
        // A slot that stopped runs left is freed before others are filled.
        boolean sent = cleanUp(cluster, left, cluster.traits().slots() - taken);
        return withdrawals.free(cluster, seen(cluster), sent ? taken + 1 : taken, live, sent ? List.of() : left);
    }

    /** How a cluster is on which nothing of ours is; the database is asked for nothing. */
    void lookAtIdle(Cluster cluster) {
        observe(cluster, List.of(), List.of());
        metrics.aged(name(cluster), clock.instant());
    }

    private void makeWay(Cluster cluster, List<Job> live, List<Run> left) {
        try {
            withdrawals.makeWay(cluster, seen(cluster), live, left);
        } catch (ComputeUnavailable failure) {
            log.warn("{} does not give runs back; it is tried again: {}", name(cluster), failure.getMessage());
        }
    }

    private boolean cleanUp(Cluster cluster, List<Run> left, int freeSlots) {
        try {
            return cleanups.send(cluster, left, looks.of(cluster).unexpectedRuns(), freeSlots);
        } catch (RuntimeException failure) {
            log.warn("No cleanup was sent to {}; it is tried again: {}", name(cluster), failure.toString());
            return false;
        }
    }

    List<Job> live(Cluster cluster) {
        return onClusters.on(cluster.traits().name()).stream()
                .filter(Reconciler::hasRun)
                .toList();
    }

    /** A job that should have a run and has none keeps no other from its turn. */
    private static boolean hasRun(Job job) {
        boolean has = job.currentRun().isPresent();
        if (!has) {
            log.error("Job {} is {} and has no run; an operator has to look at it.", job.id(), job.state());
        }
        return has;
    }

    /** Whether the drivers of all these runs report how they go on. None reports of a run whose step is not known, or that is being stopped. */
    static boolean driversReportTheRest(List<Job> live) {
        return live.stream()
                .allMatch(job -> job.state() != JobState.SUBMITTING
                        && ref(job).remoteId() != null
                        && job.reportsItsEnd()
                        && !job.isStopRequested());
    }

    private void stop(Cluster cluster, List<Job> live) {
        Instant now = clock.instant();
        live.stream()
                .filter(job -> next(job, now) == NextStep.EXPIRE)
                .forEach(job -> alone(job, fresh -> fresh.expired(now)));
        List<Job> due = jobsToCancel(cluster, live, now);
        if (due.isEmpty()) {
            return;
        }
        try {
            cluster.executor().cancel(due.stream().map(Reconciler::ref).toList());
            due.forEach(job -> alone(job, fresh -> fresh.cancelSent(ref(job), now)));
        } catch (ComputeUnavailable.Spent later) {
            log.debug("{} cancels on {} wait: {}", due.size(), name(cluster), later.getMessage());
        } catch (ComputeUnavailable failure) {
            log.warn(
                    "The cancel of {} jobs on {} was not delivered: {}",
                    due.size(),
                    name(cluster),
                    failure.getMessage());
        }
    }

    private List<Job> jobsToCancel(Cluster cluster, List<Job> seen, Instant now) {
        boolean wishes = seen.stream().anyMatch(job -> next(job, now) != NextStep.OBSERVE);
        if (!wishes) {
            return List.of();
        }
        List<Job> live = live(cluster);
        withdrawals.record(cluster, live, cleanups.live(cluster).size());
        return live.stream()
                .filter(job -> next(job, now) == NextStep.CANCEL)
                .filter(job -> withdrawals.mayStop(cluster, seen(cluster), job, live))
                .toList();
    }

    /** Whether the cluster answered. */
    private boolean observe(Cluster cluster, List<Job> live, Collection<RunRef> cleaning) {
        Map<SubmissionKey, Job> byKey = new HashMap<>();
        live.forEach(job -> byKey.put(ref(job).submissionKey(), job));
        boolean answered = false;
        try {
            List<RunRef> runs = live.stream().map(Reconciler::ref).toList();
            metrics.live(name(cluster), runs, clock.instant());
            List<RunRef> all = new ArrayList<>(runs);
            all.addAll(cleaning);
            Observation look = cluster.executor().observe(all);
            looks.record(cluster, look);
            List<RunReport> reports = look.reports();
            answered = true;
            reports.stream()
                    .filter(report -> Cleanup.isKey(report.submissionKey()))
                    .forEach(report -> applyToCleanup(cluster, report));
            List<Seen> news = new ArrayList<>();
            reports.forEach(report -> {
                Job seen = byKey.get(report.submissionKey());
                if (seen != null && report.phase() == RunReport.Phase.ABSENT) {
                    absent(cluster, seen, report);
                } else if (seen != null && seen.isNews(report)) {
                    news.add(new Seen(seen, report));
                }
            });
            news.stream()
                    .map(Seen::report)
                    .filter(report -> !gathered.isReported(name(cluster), report.submissionKey()))
                    .forEach(report -> this.news.foundByLooking(name(cluster), report));
            write(cluster, news);
            metrics.record(name(cluster), reports, clock.instant());
            duplicates.sweep(cluster, look.unexpectedRuns());
        } catch (ComputeUnavailable.Spent later) {
            looks.failed(cluster);
            log.debug("The look at {} waits: {}", name(cluster), later.getMessage());
        } catch (ComputeUnavailable failure) {
            looks.failed(cluster);
            log.warn("Cluster {} did not answer: {}", name(cluster), failure.getMessage());
        }
        sightings.record(name(cluster), cluster.health());
        return answered;
    }

    private void applyToCleanup(Cluster cluster, RunReport report) {
        try {
            cleanups.apply(cluster, report);
        } catch (RuntimeException failure) {
            log.warn(
                    "{} could not be brought up to date and is tried again: {}",
                    report.submissionKey(),
                    failure.toString());
        }
    }

    /** What is reported of a job's run. */
    record Seen(Job job, RunReport report) {}

    private record Change(Job seen, Consumer<Job> verb, boolean isInference) {}

    /** @return how many reports could not be written to the table */
    int write(Cluster cluster, List<Seen> news) {
        // Before any transaction: logs are read, and may be slow.
        List<Change> changes = news.stream()
                .map(each -> change(cluster, each.job(), each.report()))
                .toList();
        Set<JobId> lost = new HashSet<>();
        transactions.changeAll(changes, this::make, change -> {
            if (attempt(change).isEmpty()) {
                lost.add(change.seen().id());
            }
        });
        return lost.size();
    }

    private Change change(Cluster cluster, Job seen, RunReport report) {
        Optional<Explanation> found = causes.atHand(cluster, seen, report);
        RunTraits traits = traits(cluster, seen, report, found.isPresent());
        Consumer<Job> verb = job -> {
            boolean isProgramsEnd = job.isAt(ref(seen)) && job.isNews(report) && !job.isStopRequested();
            RunReport reported = isProgramsEnd
                    ? found.map(cause -> Causes.apply(job, report, cause, clock.instant()))
                            .orElse(report)
                    : report;
            job.observed(reported, traits, clock.instant());
        };
        return new Change(seen, verb, report.isInference());
    }

    private void make(Change change) {
        if (change.isInference()) {
            transactions.decide(change.seen(), change.verb());
        } else {
            transactions.apply(change.seen().id(), change.verb());
        }
    }

    private Optional<Job> attempt(Change change) {
        return change.isInference() ? onlyAsSeen(change.seen(), change.verb()) : alone(change.seen(), change.verb());
    }

    private RunTraits traits(Cluster cluster, Job seen, RunReport report, boolean isExplained) {
        RunTraits.Leftovers leftovers = !cluster.traits().leavesSomething()
                ? RunTraits.Leftovers.NONE
                : cluster.cleanup().isPresent() ? RunTraits.Leftovers.CLEANED_UP : RunTraits.Leftovers.STAY;
        Occupancy occupancy = seen(cluster);
        return new RunTraits(
                cluster.traits().startsApplications(),
                !isExplained && causes.comeLater(cluster, seen, report),
                leftovers,
                Math.max(0, occupancy.others() - occupancy.runsAtOnce() + 1));
    }

    /** The cluster has no run of this job: never sent, or gone. */
    private void absent(Cluster cluster, Job seen, RunReport report) {
        Instant now = clock.instant();
        if (seen.state() != JobState.SUBMITTING) {
            Reason lost = new Reason(
                    Reason.Code.LOST, "The cluster does not know the run any more; how it ended is not known.");
            write(cluster, List.of(new Seen(seen, RunReport.failed(report.submissionKey(), null, lost, now))));
            return;
        }
        Instant proven = ref(seen).intentAt().plus(cluster.traits().settle());
        if (report.lookedFrom().isBefore(proven)) {
            return;
        }
        onlyAsSeen(seen, job -> job.returnedToQueue("The cluster never took it; it is sent again.", now));
    }

    /** One job's trouble is its own: the others of the turn go on. */
    private Optional<Job> alone(Job seen, Consumer<Job> verb) {
        try {
            return Optional.of(transactions.apply(seen.id(), verb));
        } catch (RuntimeException failure) {
            log.warn("Job {} could not be brought up to date and is tried again: {}", seen.id(), failure.toString());
            return Optional.empty();
        }
    }

    /** For what was concluded and not seen: somebody who knew more may have written meanwhile. */
    private Optional<Job> onlyAsSeen(Job seen, Consumer<Job> verb) {
        try {
            return Optional.of(transactions.decide(seen, verb));
        } catch (OptimisticLockingFailureException | IllegalJobChange | UnknownJob overtaken) {
            log.debug("Job {} went on meanwhile: {}", seen.id(), overtaken.getMessage());
            return Optional.empty();
        } catch (RuntimeException failure) {
            log.warn("Job {} could not be brought up to date and is tried again: {}", seen.id(), failure.toString());
            return Optional.empty();
        }
    }

    private NextStep next(Job job, Instant now) {
        return NextStep.of(job, now, settings.uploadLapse(), settings.cancelAgain());
    }

    static RunRef ref(Job job) {
        return job.currentRun().map(Run::ref).orElseThrow();
    }

    private Occupancy seen(Cluster cluster) {
        return looks.of(cluster).occupancy();
    }

    private static String name(Cluster cluster) {
        return cluster.traits().name();
    }
}
