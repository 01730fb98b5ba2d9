package io.slipway.jobs;

/** There is no such job, or it is not the caller's to see. */
public final class UnknownJob extends RuntimeException {

    public UnknownJob(String jobId) {
        super("There is no job " + jobId + ".");
    }
}
