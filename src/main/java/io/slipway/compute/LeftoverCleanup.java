package io.slipway.compute;

import io.slipway.jobs.RunRef;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends what stopped runs left on a cluster. A cleanup is a run of its own kind: it is observed, and found, like the others. */
public interface LeftoverCleanup {

    /** Most runs of one cleanup. */
    int AT_ONCE = 60;

    /**
     * Puts aside what the call of one cleanup needs, before its intent is written.
     *
     * @param clusterId the very cluster on which something was left; {@code null} where there is only one
     * @return empty when none can be sent now
     */
    Optional<Prepared> prepare(@Nullable String clusterId);

    /** A cleanup that may be sent. */
    interface Prepared {

        /**
         * Asks the cluster to end what the runs left. A failure of the outside world is a result.
         *
         * @param run the cleanup's key, and its intent, which is committed
         * @param stopped at most {@value LeftoverCleanup#AT_ONCE}, all on the same cluster and under the same role
         */
        StartResult start(RunRef run, List<RunOrder> stopped);
    }
}
