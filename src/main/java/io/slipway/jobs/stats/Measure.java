package io.slipway.jobs.stats;

/** What is measured of a job, as it is stored. */
enum Measure {
    /** From the 202 to the first run's begin. */
    QUEUE_WAIT,
    /** From the first run's begin to the job's end, waits between attempts included. */
    RUN_TIME
}
