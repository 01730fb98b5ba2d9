package io.slipway.compute.emr.logs;

import io.slipway.compute.emr.client.LogLocation;
import io.slipway.jobs.RunRef;
import org.jspecify.annotations.Nullable;

/**
 * A run whose output is looked for.
 *
 * @param clusterId the EMR cluster on which it is
 * @param logs where that cluster keeps its logs; {@code null} while nobody knows, or when it keeps none
 * @param hasDriverOnYarn whether the program runs in a YARN container, and not in the step
 * @param isOver whether EMR brings no further logs
 */
public record LoggedRun(
        RunRef run, String clusterId, @Nullable LogLocation logs, boolean hasDriverOnYarn, boolean isOver) {}
