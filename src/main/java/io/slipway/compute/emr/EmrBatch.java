package io.slipway.compute.emr;

import io.slipway.compute.PreparedBatch;
import io.slipway.compute.StartResult;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.steps.EmrCluster;
import io.slipway.compute.emr.steps.StepBatch;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import java.util.List;

/** Steps that are ready for one call to one cluster. */
record EmrBatch(EmrCluster cluster, StepBatch steps, ClusterChoice choice) implements PreparedBatch {

    @Override
    public List<SubmissionKey> submissionKeys() {
        return steps.submissionKeys();
    }

    @Override
    public String clusterId() {
        return cluster.id();
    }

    @Override
    public List<StartResult> start(List<RunRef> intents) {
        return cluster.start(steps, intents).stream().map(this::orElsewhere).toList();
    }

    /** What a cluster that has gone certainly did not take goes to the next one, if there may be one. */
    private StartResult orElsewhere(StartResult result) {
        return result instanceof StartResult.Rejected rejected
                        && rejected.reason().code() == Code.CLUSTER_GONE
                        && choice.replace(cluster.id())
                ? new StartResult.NotNow(
                        rejected.submissionKey(), rejected.reason().message())
                : result;
    }
}
