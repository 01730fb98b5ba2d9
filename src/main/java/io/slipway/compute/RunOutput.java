package io.slipway.compute;

import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of one cluster print, and where people can look at them. Every replica may call it, in requests too: it reads memory, disk
 * and the storage of the logs, and never asks the cluster.
 */
public interface RunOutput {

    /**
     * What the run's logs will be. It answers from memory.
     *
     * @param endedAt {@code null} while it has not ended
     */
    ExpectedLogs expectedLogs(RunOrder run, @Nullable Instant endedAt);

    /**
     * What the run prints, as far as it can be read now, in the order in which people look for it. Empty for a run that the cluster never
     * took.
     *
     * @param endedAt {@code null} while it has not ended
     * @throws ComputeUnavailable when the storage of the logs does not answer
     */
    List<RunStream> streams(RunOrder run, @Nullable Instant endedAt);

    /**
     * The YARN application that the run started, as far as what it printed tells. A bounded part of a log is read.
     *
     * @throws ComputeUnavailable when the storage of the logs does not answer
     */
    Optional<Application> findApplication(RunOrder run);

    /** Pages about the run that people can open elsewhere. */
    List<RunLink> links(RunRef run);

    /**
     * What Spark shows of the run. It answers from memory; what is not there is fetched by a thread of its own.
     *
     * @param endedAt {@code null} while it runs
     */
    SparkUi sparkUi(RunOrder run, @Nullable Instant endedAt);

    /**
     * Deletes what is kept of the run outside the database; for a job that is old and about to be removed. It may be repeated.
     *
     * @return whether nothing is kept any more; false leaves the job for a later try
     */
    boolean forget(RunRef run);
}
