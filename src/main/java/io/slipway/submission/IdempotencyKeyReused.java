package io.slipway.submission;

/** The owner used the key before for a job of another project or spec. */
public final class IdempotencyKeyReused extends RuntimeException {

    private final String jobId;

    IdempotencyKeyReused(String key, String jobId) {
        super("The Idempotency-Key '" + key + "' was used for job " + jobId
                + ", which has another project or another spec. Use a new key for a new job.");
        this.jobId = jobId;
    }

    public String jobId() {
        return jobId;
    }
}
