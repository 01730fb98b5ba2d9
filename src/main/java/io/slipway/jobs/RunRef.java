package io.slipway.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run as a cluster can be asked about it.
 *
 * @param submissionKey {@code <jobId>-<attempt>}; part of the step's name, so that a run can be found without its id
 * @param remoteId the cluster's own name for it (a step id, a process); {@code null} while its answer is not known
 * @param intentAt when the latest intent to start it was committed
 * @param clusterId where it was meant to be started, in the cluster's own words (an EMR cluster's id), for a name under which different
 *     clusters are found as time goes by; {@code null} where there is only one
 * @param application what it started there; {@code null} while that is not known
 */
public record RunRef(
        SubmissionKey submissionKey,
        @Nullable String remoteId,
        Instant intentAt,
        @Nullable String clusterId,
        @Nullable Application application) {

    public RunRef(SubmissionKey submissionKey, @Nullable String remoteId, Instant intentAt) {
        this(submissionKey, remoteId, intentAt, null, null);
    }

    /** Of a job that was not started yet: the one that its first attempt will have. */
    public static RunRef first(JobId jobId, Instant at) {
        return new RunRef(Run.key(jobId, 1, 0), null, at);
    }

    /** The same run, whose own name is known. */
    public RunRef known(@Nullable String id) {
        return new RunRef(submissionKey, id, intentAt, clusterId, application);
    }
}
