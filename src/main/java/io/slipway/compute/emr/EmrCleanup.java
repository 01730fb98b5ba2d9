package io.slipway.compute.emr;

import io.slipway.compute.LeftoverCleanup;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.emr.steps.EmrCluster;
import io.slipway.jobs.RunRef;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Ends the YARN applications of stopped steps by a step of its own: EMR's cancel does not reach them. */
record EmrCleanup(EmrExecutor executor) implements LeftoverCleanup {

    @Override
    public Optional<Prepared> prepare(@Nullable String clusterId) {
        return executor.cluster(Optional.ofNullable(clusterId))
                .filter(EmrCluster::reserveCleanUp)
                .map(cluster -> new OneCall(cluster, new AtomicBoolean()));
    }

    private record OneCall(EmrCluster cluster, AtomicBoolean taken) implements Prepared {
        @Override
        public StartResult start(RunRef run, List<RunOrder> stopped) {
            return taken.compareAndSet(false, true)
                    ? cluster.cleanUp(run, stopped)
                    : new StartResult.Unknown(run.submissionKey(), "It was sent under this intent before.");
        }
    }
}
