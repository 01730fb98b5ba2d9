package io.slipway.jobs;

/**
 * A job's story went on, and that is committed. Told inside this replica only; the others see it in the table.
 *
 * @param needsEnvironment whether the job is one that waits, or waited, for an environment of Python packages
 */
public record JobChanged(JobId jobId, String cluster, JobState state, boolean needsEnvironment) {}
