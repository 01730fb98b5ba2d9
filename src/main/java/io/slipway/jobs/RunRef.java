package io.slipway.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run as a cluster can be asked about it.
 *
 * @param submissionKey {@code <jobId>-<attempt>}; part of the step's name, so that a run can be found without its id
 * @param remoteId the cluster's own name for it (a step id, a process); {@code null} while its answer is not known
 * @param intentAt when the latest intent to start it was committed
 * @param application what it started there; {@code null} while that is not known
 */
public record RunRef(
        String submissionKey,
        @Nullable String remoteId,
        Instant intentAt,
        @Nullable Application application) {

    public RunRef(String submissionKey, @Nullable String remoteId, Instant intentAt) {
        this(submissionKey, remoteId, intentAt, null);
    }
}
