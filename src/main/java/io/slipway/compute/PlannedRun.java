package io.slipway.compute;

import io.slipway.jobs.SubmissionKey;
import io.slipway.project.LaunchPlan;

/**
 * A run that is wanted, before its intent is written.
 *
 * @param submissionKey that the run will have
 * @param jobName for people who look at the cluster; the submission key is what identifies the run
 */
public record PlannedRun(SubmissionKey submissionKey, String jobName, LaunchPlan plan) {}
