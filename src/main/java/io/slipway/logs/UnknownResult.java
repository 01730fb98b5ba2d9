package io.slipway.logs;

import io.slipway.jobs.JobId;

/** There is no such file among the results. */
public class UnknownResult extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownResult(JobId jobId, String path) {
        super("Job " + jobId + " has left no file " + path + ". GET /jobs/" + jobId
                + "/results lists those that it has.");
    }
}
