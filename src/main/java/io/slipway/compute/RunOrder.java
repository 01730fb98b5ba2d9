package io.slipway.compute;

import io.slipway.jobs.RunRef;
import io.slipway.project.LaunchPlan;

/**
 * One run to be started.
 *
 * @param jobName for people who look at the cluster; the submission key is what identifies the run
 */
public record RunOrder(RunRef run, String jobName, LaunchPlan plan) {}
