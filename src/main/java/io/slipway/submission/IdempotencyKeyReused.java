package io.slipway.submission;

import io.slipway.jobs.JobId;

/** The owner used the key before for a job of another project or spec. */
public final class IdempotencyKeyReused extends RuntimeException {

    private final JobId jobId;

    IdempotencyKeyReused(String key, JobId jobId) {
        super("The Idempotency-Key '" + key + "' was used for job " + jobId
                + ", which has another project or another spec. Use a new key for a new job.");
        this.jobId = jobId;
    }

    public JobId jobId() {
        return jobId;
    }
}
