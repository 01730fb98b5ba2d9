package io.slipway.jobs;

/** Somebody asked for a change that may not follow the job's state. */
public final class IllegalJobChange extends RuntimeException {

    private final JobId jobId;
    private final JobState from;

    IllegalJobChange(JobId jobId, JobState from, JobState to) {
        super("Job " + jobId + " is " + from + " and cannot become " + to + ".");
        this.jobId = jobId;
        this.from = from;
    }

    public JobId jobId() {
        return jobId;
    }

    public JobState from() {
        return from;
    }
}
