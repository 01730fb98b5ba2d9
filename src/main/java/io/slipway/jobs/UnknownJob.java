package io.slipway.jobs;

/** There is no such job, or it is not the caller's to see. */
public final class UnknownJob extends RuntimeException {

    /** @param text what the caller takes for a job's id */
    public UnknownJob(String text) {
        super("There is no job " + text + ".");
    }
}
