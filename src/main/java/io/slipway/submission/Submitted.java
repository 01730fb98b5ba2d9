package io.slipway.submission;

import io.slipway.jobs.Job;

/**
 * The answer to a submission.
 *
 * @param isNew false when an earlier request with the same idempotency key made the job
 */
public record Submitted(Job job, boolean isNew) {}
