package io.slipway.compute.emr;

import io.slipway.compute.ComputeUnavailable;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.Step;
import software.amazon.awssdk.services.emr.model.StepStatus;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * Looks at the runs of one cluster by the fewest calls: a listing of what is active tells of all live runs at once, ended ones are asked
 * for by ten, and a run whose step id never arrived is looked for by its name.
 */
final class StepObservation {

    private static final Logger log = LoggerFactory.getLogger(StepObservation.class);

    /** As many step ids as ListSteps takes. */
    private static final int IDS_A_CALL = 10;

    private final EmrCalls emr;
    private final ClusterWatch cluster;
    private final EmrSettings settings;
    private final Clock clock;
    private final StepReports reports = new StepReports();

    StepObservation(EmrCalls emr, ClusterWatch cluster, EmrSettings settings, Clock clock) {
        this.emr = emr;
        this.cluster = cluster;
        this.settings = settings;
        this.clock = clock;
    }

    List<RunReport> observe(List<RunRef> runs) {
        // Before the steps: what is still live after the cluster has ended will not go on.
        cluster.look();
        if (runs.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant();
        Map<String, StepSummary> byId = new HashMap<>();
        Map<String, StepSummary> byKey = new HashMap<>();
        active().forEach(step -> {
            byId.put(step.id(), step);
            StepName.key(step.name()).ifPresent(key -> byKey.merge(key, step, StepHistory::older));
        });

        List<RunReport> learned = new ArrayList<>();
        Map<String, RunRef> notListed = new HashMap<>();
        List<RunRef> withoutId = new ArrayList<>();
        for (RunRef run : runs) {
            String id = run.remoteId();
            StepSummary step = id == null ? byKey.get(run.submissionKey()) : byId.get(id);
            if (step != null) {
                learned.add(report(run, step.id(), step.status(), now));
            } else if (id == null) {
                withoutId.add(run);
            } else {
                notListed.put(id, run);
            }
        }
        try {
            learned.addAll(ended(notListed, now));
            learned.addAll(searched(withoutId));
        } catch (ComputeUnavailable | EmrCalls.Refused e) {
            log.warn("Not all runs on {} were looked at: {}", emr.clusterId(), e.getMessage());
        }
        return learned;
    }

    private List<StepSummary> active() {
        try {
            return emr.activeSteps();
        } catch (EmrCalls.Refused e) {
            throw new ComputeUnavailable(e.getMessage() == null ? "EMR refused" : e.getMessage(), e);
        }
    }

    private List<RunReport> ended(Map<String, RunRef> notListed, Instant now) {
        List<RunReport> learned = new ArrayList<>();
        List<String> ids = List.copyOf(notListed.keySet());
        for (int from = 0; from < ids.size(); from += IDS_A_CALL) {
            byIds(ids.subList(from, Math.min(ids.size(), from + IDS_A_CALL)), notListed, now, learned);
        }
        return learned;
    }

    /** One id that EMR does not know fails all of its call: halves are asked until it stands alone. */
    private void byIds(List<String> ids, Map<String, RunRef> runs, Instant now, List<RunReport> learned) {
        try {
            List<String> silent = new ArrayList<>(ids);
            for (StepSummary step : emr.steps(ids)) {
                RunRef run = runs.get(step.id());
                if (run != null && silent.remove(step.id())) {
                    learned.add(report(run, step.id(), step.status(), now));
                }
            }
            silent.forEach(id -> alone(id, runs, now, learned));
        } catch (EmrCalls.Refused e) {
            if (ids.size() == 1) {
                alone(ids.get(0), runs, now, learned);
                return;
            }
            int half = ids.size() / 2;
            byIds(ids.subList(0, half), runs, now, learned);
            byIds(ids.subList(half, ids.size()), runs, now, learned);
        }
    }

    private void alone(String id, Map<String, RunRef> runs, Instant now, List<RunReport> learned) {
        RunRef run = runs.get(id);
        if (run == null) {
            return;
        }
        try {
            Step step = emr.step(id);
            learned.add(report(run, id, step.status(), now));
        } catch (EmrCalls.Refused e) {
            // A step so young that the listings may not show it yet is not lost.
            if (isSettled(run, now)) {
                learned.add(RunReport.failed(
                        run.submissionKey(),
                        id,
                        new Reason(
                                Code.OUTCOME_UNKNOWN,
                                "EMR does not know step " + id
                                        + " any more, so how it ended cannot be found out. Look at"
                                        + " its output and at the cluster's logs before you run it again."),
                        now));
            }
        }
    }

    /** Runs whose step id never arrived and of which no step is active: they ended quickly, or were never taken. */
    private List<RunReport> searched(List<RunRef> runs) {
        if (runs.isEmpty()) {
            return List.of();
        }
        Instant began = clock.instant();
        Instant oldestIntent =
                runs.stream().map(RunRef::intentAt).min(Instant::compareTo).orElse(began);
        StepHistory history = StepHistory.read(emr, oldestIntent.minus(settings.lookBack()));
        List<RunReport> learned = new ArrayList<>();
        for (RunRef run : runs) {
            StepSummary step = history.byKey().get(run.submissionKey());
            if (step != null) {
                learned.add(report(run, step.id(), step.status(), began));
            } else if (history.reaches(run.intentAt().minus(settings.lookBack()))) {
                learned.add(absent(run, began));
            } else if (isSettled(run, began)) {
                learned.add(RunReport.failed(
                        run.submissionKey(),
                        null,
                        new Reason(
                                Code.SUBMISSION_UNKNOWN,
                                "EMR did not answer whether it took the step, and the cluster has had so many steps since"
                                        + " that its list no longer reaches back. Look for " + run.submissionKey()
                                        + " in the cluster's logs before you run it again."),
                        began));
            }
        }
        return learned;
    }

    private RunReport absent(RunRef run, Instant began) {
        return cluster.hasEnded()
                ? RunReport.failed(run.submissionKey(), null, gone("before it took the step"), began)
                : RunReport.absent(run.submissionKey(), began);
    }

    private RunReport report(RunRef run, String stepId, StepStatus status, Instant lookedFrom) {
        RunReport report = reports.of(run.submissionKey(), stepId, status, lookedFrom);
        boolean live = report.phase() == Phase.PENDING || report.phase() == Phase.RUNNING;
        if (!live || !cluster.hasEnded()) {
            return report;
        }
        return new RunReport(
                run.submissionKey(),
                Phase.FAILED,
                stepId,
                report.startedAt(),
                lookedFrom,
                null,
                gone("while the run was on it"),
                lookedFrom);
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
