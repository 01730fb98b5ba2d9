package io.slipway.jobs;

/** Somebody asked for a change that may not follow the job's state. */
public final class IllegalJobChange extends RuntimeException {

    private final String jobId;
    private final JobState from;

    IllegalJobChange(String jobId, JobState from, JobState to) {
        super("Job " + jobId + " is " + from + " and cannot become " + to + ".");
        this.jobId = jobId;
        this.from = from;
    }

    public String jobId() {
        return jobId;
    }

    public JobState from() {
        return from;
    }
}
