package io.slipway.compute;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs that are ready to be started by one call: it carries what {@link RunExecutor#prepare} made of them. Preparing and starting are two
 * steps, since the intents are committed in between: what takes long must not make them old.
 */
public interface PreparedBatch {

    /** In the order in which they will start. */
    List<SubmissionKey> submissionKeys();

    /** The very cluster to which it goes; written into the intents, so that the runs are looked for there. {@code null} where there is only one. */
    @Nullable
    String clusterId();

    /**
     * Asks the cluster to start the runs whose intents were committed. One result for each intent, in any order. A failure of the outside
     * world is a result ({@link StartResult.NotNow}, {@link StartResult.Unknown}), not an exception.
     *
     * <p>One intent is one call: a run of this batch that is started a second time does not start again, and the answer is Accepted or
     * Unknown.
     *
     * @param intents of runs of this batch, with the time at which each was written; runs without an intent are left out
     */
    List<StartResult> start(List<RunRef> intents);
}
