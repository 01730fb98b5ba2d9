package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunOrder;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunReport;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.RunEnds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Finds out, on the leader, why programs failed, in their logs: with the end itself where the logs are at hand, else when they have been
 * shipped. It costs no call of the clusters' budget.
 */
@Component
class Causes {

    private static final Logger log = LoggerFactory.getLogger(Causes.class);

    private static final int RUNS_A_ROUND = 50;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(45);

    private final Jobs jobs;
    private final JobTransactions transactions;
    private final Ends ends;
    private final ProgramEnds drivers;
    private final Leadership leadership;
    private final Clock clock;

    /** What the logs of a run tell now. */
    interface Ends {
        Explanation of(Job job, Run run, @Nullable Integer exitStatus);
    }

    @Autowired
    Causes(
            Jobs jobs,
            JobTransactions transactions,
            RunEnds ends,
            ProgramEnds drivers,
            Leadership leadership,
            Clock clock) {
        this(jobs, transactions, ends::of, drivers, leadership, clock);
    }

    Causes(
            Jobs jobs,
            JobTransactions transactions,
            Ends ends,
            ProgramEnds drivers,
            Leadership leadership,
            Clock clock) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.ends = ends;
        this.drivers = drivers;
        this.leadership = leadership;
        this.clock = clock;
    }

    /** Whether the logs may tell more of the end than the cluster did. */
    private static boolean isExpected(Cluster cluster, Job job, RunReport report) {
        return isProgramsOwn(report)
                && job.runs().stream()
                        .filter(run -> run.submissionKey().equals(report.submissionKey()))
                        .map(run -> new RunOrder(run.ref(), job.name(), job.plan()))
                        .anyMatch(order -> cluster.output()
                                        .expectedLogs(order, report.endedAt())
                                        .never()
                                == null);
    }

    private static boolean isProgramsOwn(RunReport report) {
        Reason reason = report.reason();
        return report.phase() == RunReport.Phase.FAILED
                && reason != null
                && reason.code().isTheProgramsOwn();
    }

    /** What is found with the end itself; empty where nothing is to be found, or it is looked for later. */
    Optional<Explanation> atHand(Cluster cluster, Job seen, RunReport report) {
        boolean later = cluster.traits().shipsLogsLater();
        if (!isProgramsOwn(report) || (!later && !isExpected(cluster, seen, report))) {
            return Optional.empty();
        }
        try {
            return later
                    ? seen.currentRun().flatMap(run -> drivers.known(cluster, seen, run))
                    : seen.currentRun()
                            .map(run -> ends.of(seen, run, report.exitStatus()))
                            .filter(found -> found.cause() != null);
        } catch (RuntimeException | StackOverflowError failure) {
            log.warn("Why run {} failed could not be read: {}", report.submissionKey(), failure.toString());
            return Optional.empty();
        }
    }

    /** Tells the job, which is about to learn the end of its run, what was found; the line stands before that of the end. */
    static RunReport apply(Job job, RunReport report, Explanation found, Instant now) {
        job.aftermath(report.submissionKey()).causeExpected(now);
        job.aftermath(report.submissionKey()).explained(found, now);
        return report.because(found.sentence());
    }

    /** Whether the logs may tell more of the end than the cluster did, and come after it. */
    boolean comeLater(Cluster cluster, Job seen, RunReport report) {
        return cluster.traits().shipsLogsLater() && isExpected(cluster, seen, report);
    }

    @Scheduled(fixedDelayString = "${slipway.reconcile.causes:2s}")
    void look() {
        if (!leadership.isLeader()) {
            return;
        }
        Set<String> silent = new HashSet<>();
        for (Run due : jobs.runsExpectingACause(clock.instant(), Limit.of(RUNS_A_ROUND))) {
            if (!leadership.isLeader()) {
                return;
            }
            if (!silent.contains(due.job().cluster())) {
                lookAlone(due, silent);
            }
        }
    }

    /** One run's trouble is its own; a cluster whose logs do not answer is left alone for this round. */
    private void lookAlone(Run due, Set<String> silent) {
        try {
            Explanation found = find(due);
            if (found.isComplete() || found.cause() != null) {
                record(due, found);
            }
            if (!found.isComplete()) {
                lookAgain(due);
            }
        } catch (ComputeUnavailable | LogsUnavailable failure) {
            silent.add(due.job().cluster());
            log.warn("Why run {} failed is not known yet: {}", due.submissionKey(), failure.getMessage());
            lookAgain(due);
        } catch (RuntimeException | StackOverflowError failure) {
            log.warn("Why run {} failed is not known yet: {}", due.submissionKey(), failure.toString());
            lookAgain(due);
        }
    }

    private Explanation find(Run due) {
        return jobs.findById(due.job().id())
                .flatMap(job -> job.runs().stream()
                        .filter(run -> run.submissionKey().equals(due.submissionKey()))
                        .findFirst()
                        // The driver's own word is there before its logs.
                        .map(run -> drivers.asked(job, run).orElseGet(() -> ends.of(job, run, run.exitStatus()))))
                .orElse(Explanation.NOTHING);
    }

    private void record(Run due, Explanation found) {
        Instant now = clock.instant();
        transactions.apply(
                due.job().id(), job -> job.aftermath(due.submissionKey()).explained(found, now));
    }

    private void lookAgain(Run due) {
        Instant now = clock.instant();
        Instant ended = due.endedAt() == null ? now : due.endedAt();
        if (now.isAfter(ended.plus(YarnApplicationDiscovery.LATEST))) {
            record(due, Explanation.NOTHING);
        } else {
            jobs.lookForCause(due.submissionKey(), now.plus(Pace.after(Duration.between(ended, now), LONGEST_PAUSE)));
        }
    }
}
