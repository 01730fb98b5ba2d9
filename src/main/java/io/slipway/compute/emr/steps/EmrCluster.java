package io.slipway.compute.emr.steps;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.Observation;
import io.slipway.compute.Occupancy;
import io.slipway.compute.PlannedRun;
import io.slipway.compute.RunExecutor.Calls;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.CancelStepsInfo;
import software.amazon.awssdk.services.emr.model.CancelStepsRequestStatus;

/** One EMR cluster, by its id: what steps are added to and looked at on. */
public final class EmrCluster {

    private static final Logger log = LoggerFactory.getLogger(EmrCluster.class);

    /** As many steps as AddJobFlowSteps and CancelSteps take in one call: from release 7.14.0 on, and on emr-spark-8.0.0; 256 before. */
    static final int STEPS_A_CALL = 100;

    /** As many active steps as EMR lets a cluster have, other people's among them. */
    public static final int STEPS = 256;

    private final EmrCalls emr;
    private final ClusterWatch watch;
    private final StepSubmission submission;
    private final StepObservation observation;

    public EmrCluster(EmrCalls emr, ClusterWatch watch, StepSubmission submission, StepObservation observation) {
        this.emr = emr;
        this.watch = watch;
        this.submission = submission;
        this.observation = observation;
    }

    public String id() {
        return emr.clusterId();
    }

    public List<StepBatch> prepare(List<PlannedRun> wanted) {
        // A cluster that never answered may not be there at all, and only to a call with a single step EMR's no is
        // definite.
        return submission.prepare(
                watch.health().seenAt() == null ? wanted.subList(0, Math.min(1, wanted.size())) : wanted);
    }

    /**
     * Who is there, by the last look.
     *
     * @param configured how many steps it runs at once as was set: nobody but the cluster itself knows, and that was perhaps not seen
     */
    public Occupancy occupancy(int configured) {
        OtherSteps others = observation.others();
        return new Occupancy(
                id(),
                watch.stepConcurrency().orElse(configured),
                others.active(),
                others.waiting(),
                STEPS - others.active());
    }

    /** Puts a token aside for one cleanup, and tells whether there was one. */
    public boolean reserveCleanUp() {
        return emr.reserveAddSteps(1);
    }

    /** Asks for the cluster's state when the last answer is too old. */
    public void refresh() {
        watch.look();
    }

    /** Whether it takes no more steps, by the last answer. */
    public boolean isClosing() {
        return watch.isClosing();
    }

    public List<StartResult> start(StepBatch batch, List<RunRef> intents) {
        watch.lookNowAndThen();
        if (isClosing()) {
            Reason gone = new Reason(
                    Code.CLUSTER_GONE, "Cluster " + id() + " takes no more steps: it is " + health().state() + ".");
            return intents.stream()
                    .<StartResult>map(intent -> new StartResult.Rejected(intent.submissionKey(), gone))
                    .toList();
        }
        List<StartResult> results = submission.send(batch, intents);
        if (results.stream().anyMatch(StartResult.Accepted.class::isInstance)) {
            watch.tookSteps();
        }
        return results;
    }

    public StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        return submission.cleanUp(run, stopped);
    }

    /** @param configured as in {@link #occupancy} */
    public Observation observe(List<RunRef> runs, int configured) {
        StepObservation.Look look = observation.observe(runs);
        List<RunRef> unexpected = look.unexpected().stream()
                .map(run -> new RunRef(run.submissionKey(), run.remoteId(), run.intentAt(), id(), null))
                .toList();
        return new Observation(look.reports(), unexpected, occupancy(configured), look.complete());
    }

    public void lookAtCluster() {
        observation.lookAtCluster();
    }

    public List<RunReport> lookAt(List<RunRef> runs, Calls calls) {
        return observation.lookAt(runs, calls);
    }

    /** Whether nothing is expected of it any more, when there are no runs of ours on it. */
    public boolean isQuiet(Instant now) {
        return observation.isQuiet(now);
    }

    public void cancel(List<RunRef> runs) {
        cancel(runs, emr::cancel);
    }

    public void withdraw(List<RunRef> runs) {
        cancel(runs, emr::cancelNow);
    }

    private void cancel(List<RunRef> runs, Function<List<String>, List<CancelStepsInfo>> call) {
        // A run whose step is not known yet is cancelled when a look at the cluster has found it.
        List<String> ids =
                runs.stream().map(RunRef::remoteId).filter(Objects::nonNull).toList();
        for (int from = 0; from < ids.size(); from += STEPS_A_CALL) {
            cancelSteps(ids.subList(from, Math.min(ids.size(), from + STEPS_A_CALL)), call);
        }
    }

    /** One id that EMR does not know fails all of its call: halves are asked until it stands alone. */
    private void cancelSteps(List<String> ids, Function<List<String>, List<CancelStepsInfo>> call) {
        try {
            call.apply(ids).stream()
                    .filter(info -> info.status() == CancelStepsRequestStatus.FAILED)
                    .forEach(info -> log.info("EMR does not cancel step {}: {}", info.stepId(), info.reason()));
        } catch (EmrAccount.Refused e) {
            if (ids.size() == 1 || watch.isClosing()) {
                // What became of them is for a look to tell.
                log.warn("EMR refused {}", e.getMessage());
                return;
            }
            cancelSteps(ids.subList(0, ids.size() / 2), call);
            cancelSteps(ids.subList(ids.size() / 2, ids.size()), call);
        }
    }

    public ClusterHealth health() {
        return watch.health().withCalls(emr.left());
    }
}
