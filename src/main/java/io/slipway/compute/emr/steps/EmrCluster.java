package io.slipway.compute.emr.steps;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.Compute;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.logs.LogLocation;
import io.slipway.jobs.Job;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

    public List<List<Job>> batches(List<Job> wanted) {
        // A cluster that never answered may not be there at all, and only to a call with a single step EMR's no is
        // definite.
        return submission.batches(
                watch.health().seenAt() == null ? wanted.subList(0, Math.min(1, wanted.size())) : wanted);
    }

    /** How many runs of ours fit beside the steps of others, by the last look. */
    public int room() {
        return STEPS - others().active();
    }

    public Compute.Others others() {
        return observation.others();
    }

    /** Nobody but the cluster itself knows; what was set is all there is before it was seen. */
    public int runsAtOnce(int configured) {
        return watch.stepConcurrency().orElse(configured);
    }

    public boolean mayCleanUp() {
        return emr.mayAddSteps(1);
    }

    /** Whether it takes no more steps, as far as is known without asking too often. */
    public boolean isClosing() {
        watch.look();
        return watch.isClosing();
    }

    public List<StartResult> start(List<RunOrder> orders) {
        if (isClosing()) {
            Reason gone = new Reason(
                    Code.CLUSTER_GONE, "Cluster " + id() + " takes no more steps: it is " + health().state() + ".");
            return orders.stream()
                    .<StartResult>map(
                            order -> new StartResult.Rejected(order.run().submissionKey(), gone))
                    .toList();
        }
        return submission.send(orders);
    }

    public StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        return submission.cleanUp(run, stopped);
    }

    public List<RunReport> observe(List<RunRef> runs) {
        return observation.observe(runs);
    }

    public boolean isLookUnfinished() {
        return observation.isUnfinished();
    }

    public List<RunReport> lookAt(List<RunRef> runs) {
        return observation.lookAt(runs);
    }

    /** Whether nothing is expected of it any more, when there are no runs of ours on it. */
    public boolean isQuiet(Instant now) {
        return observation.isQuiet(now);
    }

    public List<RunRef> strays() {
        return observation.strays().stream()
                .map(stray -> new RunRef(stray.submissionKey(), stray.remoteId(), stray.intentAt(), id(), null))
                .toList();
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

    public Optional<LogLocation> logs() {
        return watch.logs();
    }

    public Optional<String> withoutLogs() {
        return watch.withoutLogs();
    }

    public ClusterHealth health() {
        return watch.health().withCalls(emr.left());
    }
}
