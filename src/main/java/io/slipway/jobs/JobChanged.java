package io.slipway.jobs;

/** A job's story went on, and that is committed. Told inside this replica only; the others see it in the table. */
public record JobChanged(JobId jobId, String cluster, JobState state) {}
