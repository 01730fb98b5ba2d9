package io.slipway.compute.emr.steps;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunExecutor.Calls;
import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepStatus;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * Looks at the runs of one cluster by the fewest calls: a listing of what is active tells of all live runs at once, ended ones are asked
 * for by ten, and a run whose step id never arrived is looked for by its name.
 */
public final class StepObservation {

    private static final Logger log = LoggerFactory.getLogger(StepObservation.class);

    private final EmrCalls emr;
    private final ClusterWatch cluster;
    private final EmrSettings settings;
    private final Clock clock;
    private final boolean mayMoveOn;
    private final StepReports reports = new StepReports();
    private final LooksByIds byIds;
    private @Nullable Round round;
    private @Nullable Instant lastRuns;
    private Instant nextSweep = Instant.MIN;
    private OtherSteps others = OtherSteps.NONE;

    /** @param mayMoveOn whether what a cluster that has ended did not take may go to another one */
    public StepObservation(EmrCalls emr, ClusterWatch cluster, boolean mayMoveOn, EmrSettings settings, Clock clock) {
        this.emr = emr;
        this.cluster = cluster;
        this.settings = settings;
        this.clock = clock;
        this.mayMoveOn = mayMoveOn;
        this.byIds = new LooksByIds(emr, cluster, clock, this::report);
    }

    /** @param unexpected steps that carry a key of ours and that are none of the runs */
    record Look(List<RunReport> reports, List<RunRef> unexpected, boolean complete) {

        static final Look NOTHING = new Look(List.of(), List.of(), true);
    }

    Look observe(List<RunRef> runs) {
        // Before the steps: what is still live after the cluster has ended will not go on.
        cluster.look();
        Instant now = clock.instant();
        if (round != null && round.isOutdated()) {
            round = null;
        }
        if (!runs.isEmpty()) {
            lastRuns = now;
        } else if (round == null && !isSweepDue(now)) {
            others = OtherSteps.NONE;
            return Look.NOTHING;
        }
        List<RunReport> learned = new ArrayList<>();
        List<RunRef> unexpected = new ArrayList<>();
        boolean complete = false;
        Round current = round == null ? new Round(now) : round;
        round = current;
        try {
            active(current);
            current.go(runs, learned, unexpected);
            round = null;
            complete = true;
        } catch (ComputeUnavailable.Spent later) {
            log.debug("The look at {} goes on with the next turn: {}", emr.clusterId(), later.getMessage());
            if (!current.active.hasBegun()) {
                // Its result is as of its first call.
                round = null;
            }
        }
        return new Look(learned, unexpected, complete);
    }

    /** The cluster alone, however fresh the last answer is. */
    void lookAtCluster() {
        cluster.outdated();
        cluster.look();
    }

    /** Only those whose step is known: what is said of the others is found by the next full look. */
    List<RunReport> lookAt(List<RunRef> runs, Calls calls) {
        return byIds.lookAt(runs, calls);
    }

    /** Active steps that the last look met and that are none of its runs; none when nothing was looked at. */
    OtherSteps others() {
        return others;
    }

    /** Whether no call that was given up may still add a step of ours. */
    boolean isQuiet(Instant now) {
        Instant last = lastRuns;
        return last == null || now.isAfter(last.plus(settings.settle()));
    }

    /** A call that was given up may still add its step for a while after the last run has ended. */
    private boolean isSweepDue(Instant now) {
        if (isQuiet(now) || now.isBefore(nextSweep)) {
            return false;
        }
        nextSweep = now.plus(settings.clusterAge());
        return true;
    }

    private void active(Round current) {
        try {
            current.active.read(emr);
        } catch (ComputeUnavailable.Spent later) {
            throw later;
        } catch (ComputeUnavailable e) {
            round = null;
            throw e;
        } catch (EmrAccount.Refused e) {
            round = null;
            throw new ComputeUnavailable(e.getMessage() == null ? "EMR refused" : e.getMessage(), e);
        }
    }

    /** One look at all live runs. When the budget is spent on the way, the next turn goes on where it stopped. */
    private final class Round {

        private final ActiveSteps active;
        private final long term = emr.term();
        private final boolean sawTheEnd = cluster.hasEnded();
        private final Map<String, RunRef> notListed = new HashMap<>();
        private final List<RunRef> withoutId = new ArrayList<>();
        private boolean sorted;
        private @Nullable EndedSteps ended;
        private @Nullable StepHistory history;

        Round(Instant began) {
            this.active = new ActiveSteps(began);
        }

        /**
         * Whether what was read tells nothing any more: another has led meanwhile, so of what was sent since; or the cluster has ended,
         * so of what a step was last.
         */
        boolean isOutdated() {
            return term != emr.term() || (cluster.hasEnded() && !sawTheEnd);
        }

        void go(List<RunRef> runs, List<RunReport> learned, List<RunRef> unexpected) {
            if (sorted) {
                // A step that was heard of meanwhile is not absent, whatever the pages say that were read before it
                // came.
                withoutId.retainAll(runs);
            } else {
                sort(runs, learned);
                unexpected.addAll(active.unexpected(runs));
            }
            try {
                readEnded(learned);
                search(learned);
            } catch (ComputeUnavailable.Spent later) {
                throw later;
            } catch (ComputeUnavailable | EmrAccount.Refused e) {
                log.warn("Not all runs on {} were looked at: {}", emr.clusterId(), e.getMessage());
            }
        }

        private void sort(List<RunRef> runs, List<RunReport> learned) {
            for (RunRef run : runs) {
                String id = run.remoteId();
                StepSummary step = active.of(run);
                if (step != null) {
                    learned.add(report(run, step.id(), step.status(), active.began()));
                } else if (run.intentAt().isAfter(active.began())) {
                    // Sent while the listing was being read: nothing was to be expected of it.
                    continue;
                } else if (id == null) {
                    withoutId.add(run);
                } else {
                    notListed.put(id, run);
                }
            }
            others = active.othersThan(runs);
            sorted = true;
        }

        private void readEnded(List<RunReport> learned) {
            EndedSteps steps = ended == null ? new EndedSteps(List.copyOf(notListed.keySet()), Work.FINISHED) : ended;
            ended = steps;
            steps.read(
                    emr,
                    (id, name, status) -> learned.add(report(run(id), id, status, active.began())),
                    id -> forgotten(run(id), id, active.began()).ifPresent(learned::add));
        }

        private RunRef run(String stepId) {
            return Objects.requireNonNull(notListed.get(stepId), "a step that nobody asked for");
        }

        private void search(List<RunReport> learned) {
            if (withoutId.isEmpty()) {
                return;
            }
            StepHistory steps = history;
            if (steps == null) {
                Instant oldest = withoutId.stream()
                        .map(RunRef::intentAt)
                        .min(Instant::compareTo)
                        .orElseThrow();
                steps = new StepHistory(clock.instant(), oldest.minus(settings.lookBack()));
                history = steps;
            }
            steps.read(emr);
            for (RunRef run : withoutId) {
                searched(run, steps).ifPresent(learned::add);
            }
        }
    }

    private Optional<RunReport> forgotten(RunRef run, String id, Instant now) {
        // A step so young that the listings may not show it yet is not lost.
        return isSettled(run, now)
                ? Optional.of(RunReport.failed(
                        run.submissionKey(),
                        id,
                        new Reason(
                                Code.OUTCOME_UNKNOWN,
                                "EMR does not know step " + id
                                        + " any more, so how it ended cannot be found out. Look at"
                                        + " its output and at the cluster's logs before you run it again."),
                        now))
                : Optional.empty();
    }

    /** A run whose step id never arrived and of which no step is active: it ended quickly, or was never taken. */
    private Optional<RunReport> searched(RunRef run, StepHistory history) {
        Instant began = history.began();
        Optional<StepSummary> found = history.find(run.submissionKey());
        if (found.isPresent()) {
            return found.map(step -> report(run, step.id(), step.status(), began));
        }
        if (history.reaches(run.intentAt().minus(settings.lookBack()))) {
            return Optional.of(absent(run, began));
        }
        return isSettled(run, began)
                ? Optional.of(RunReport.failed(
                        run.submissionKey(),
                        null,
                        new Reason(
                                Code.SUBMISSION_UNKNOWN,
                                "EMR did not answer whether it took the step, and the cluster has had so many steps"
                                        + " since that its list no longer reaches back. Look for " + run.submissionKey()
                                        + " in the cluster's logs before you run it again."),
                        began))
                : Optional.empty();
    }

    private RunReport absent(RunRef run, Instant began) {
        return cluster.hasEnded() && !mayMoveOn
                ? RunReport.failed(run.submissionKey(), null, gone("before it took the step"), began)
                : RunReport.absent(run.submissionKey(), began);
    }

    private RunReport report(RunRef run, String stepId, StepStatus status, Instant lookedFrom) {
        RunReport report = reports.of(run.submissionKey(), stepId, status, lookedFrom);
        if (!cluster.hasEnded() || !endedWithIt(report, status)) {
            return report;
        }
        return new RunReport(
                run.submissionKey(),
                Phase.FAILED,
                stepId,
                report.startedAt(),
                report.endedAt() == null ? lookedFrom : report.endedAt(),
                null,
                gone("while the run was on it"),
                lookedFrom);
    }

    /** EMR cancels or interrupts what a cluster has left when it ends. What was cancelled while the cluster lived was so by somebody. */
    private boolean endedWithIt(RunReport report, StepStatus status) {
        return switch (report.phase()) {
            case PENDING, RUNNING -> true;
            case FAILED -> status.state() == StepState.INTERRUPTED;
            case CANCELLED -> cluster.wasClosing(report.endedAt());
            case ABSENT, SUCCEEDED -> false;
        };
    }

    private Reason gone(String when) {
        String why = cluster.health().message();
        return new Reason(
                Code.CLUSTER_GONE,
                "Cluster " + emr.clusterId() + " ended (" + cluster.health().state() + ") " + when
                        + (why == null ? "." : ": " + why));
    }

    private boolean isSettled(RunRef run, Instant now) {
        return !now.isBefore(run.intentAt().plus(settings.settle()));
    }
}
