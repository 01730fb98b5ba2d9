package io.slipway.compute.emr;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.Compute;
import io.slipway.compute.Preview;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.compute.StartResult;
import io.slipway.compute.Target;
import io.slipway.jobs.Job;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.CancelStepsRequestStatus;

/** One EMR cluster on EC2: a run is a step of it. */
final class EmrCompute implements Compute {

    private static final Logger log = LoggerFactory.getLogger(EmrCompute.class);

    /** As many step ids as CancelSteps takes. */
    private static final int CANCELS_A_CALL = 256;

    /** As many active steps as EMR lets a cluster have, other people's among them. */
    static final int STEPS_OF_A_CLUSTER = 256;

    private final Target target;
    private final boolean cleansUp;
    private final EmrCalls emr;
    private final ClusterWatch cluster;
    private final StepSubmission submission;
    private final StepObservation observation;
    private final StepLogs logs;
    private final ConsoleLinks links;

    EmrCompute(
            Target target,
            EmrCalls emr,
            ClusterWatch cluster,
            StepSubmission submission,
            StepObservation observation,
            EmrClients clients,
            boolean cleansUp) {
        this.target = target;
        this.cleansUp = cleansUp;
        this.emr = emr;
        this.cluster = cluster;
        this.submission = submission;
        this.observation = observation;
        this.logs = new StepLogs(clients.logs());
        this.links = new ConsoleLinks(clients.region());
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public List<List<Job>> batches(List<Job> wanted) {
        return submission.batches(wanted);
    }

    @Override
    public int room() {
        return STEPS_OF_A_CLUSTER - observation.otherSteps();
    }

    @Override
    public Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project) {
        return submission.preview(jobName, plan, project);
    }

    @Override
    public List<StartResult> start(List<RunOrder> orders) {
        if (orders.isEmpty()) {
            return List.of();
        }
        cluster.look();
        if (cluster.isClosing()) {
            Reason gone = new Reason(
                    Code.CLUSTER_GONE,
                    "Cluster " + emr.clusterId() + " takes no more steps: it is " + health().state() + ".");
            return orders.stream()
                    .<StartResult>map(
                            order -> new StartResult.Rejected(order.run().submissionKey(), gone))
                    .toList();
        }
        return submission.send(orders);
    }

    @Override
    public List<RunReport> observe(List<RunRef> runs) {
        return observation.observe(runs);
    }

    @Override
    public List<RunReport> lookAt(List<RunRef> runs) {
        return observation.lookAt(runs);
    }

    @Override
    public boolean leavesSomething() {
        return true;
    }

    @Override
    public boolean cleansUp() {
        return cleansUp;
    }

    @Override
    public boolean mayCleanUp() {
        return emr.mayAddSteps(1);
    }

    @Override
    public StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        return submission.cleanUp(run, stopped);
    }

    @Override
    public List<RunRef> strays() {
        return observation.strays();
    }

    @Override
    public void cancel(List<RunRef> runs) {
        // A run whose step is not known yet is cancelled when a look at the cluster has found it.
        List<String> ids =
                runs.stream().map(RunRef::remoteId).filter(Objects::nonNull).toList();
        for (int from = 0; from < ids.size(); from += CANCELS_A_CALL) {
            cancelSteps(ids.subList(from, Math.min(ids.size(), from + CANCELS_A_CALL)));
        }
    }

    /** One id that EMR does not know fails all of its call: halves are asked until it stands alone. */
    private void cancelSteps(List<String> ids) {
        try {
            emr.cancel(ids).stream()
                    .filter(info -> info.status() == CancelStepsRequestStatus.FAILED)
                    .forEach(info -> log.info("EMR does not cancel step {}: {}", info.stepId(), info.reason()));
        } catch (EmrCalls.Refused e) {
            if (ids.size() == 1) {
                // What became of it is for a look to tell.
                log.warn("EMR refused {}", e.getMessage());
                return;
            }
            cancelSteps(ids.subList(0, ids.size() / 2));
            cancelSteps(ids.subList(ids.size() / 2, ids.size()));
        }
    }

    @Override
    public List<RunStream> streams(RunRef run) {
        String stepId = run.remoteId();
        return stepId == null
                ? List.of()
                : cluster.logs()
                        .map(place -> logs.of(place.bucket(), place.ofStep(emr.clusterId(), stepId)))
                        .orElse(List.of());
    }

    @Override
    public Map<String, URI> links(RunRef run) {
        Map<String, URI> pages = new LinkedHashMap<>();
        pages.put("console", links.cluster(emr.clusterId()));
        String stepId = run.remoteId();
        if (stepId != null) {
            cluster.logs()
                    .ifPresent(place ->
                            pages.put("s3Logs", links.folder(place.bucket(), place.ofStep(emr.clusterId(), stepId))));
        }
        return pages;
    }

    @Override
    public ClusterHealth health() {
        return cluster.health();
    }
}
