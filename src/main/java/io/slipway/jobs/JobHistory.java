package io.slipway.jobs;

import java.util.List;

/** The lines that were written of a job. */
interface JobHistory {

    /** In the order in which they were written. */
    List<JobEvent> eventsOf(JobId jobId);
}
