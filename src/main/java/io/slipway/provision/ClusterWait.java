package io.slipway.provision;

import java.time.Instant;

/**
 * The cluster that jobs in the queue wait for.
 *
 * @param state of the order, or {@code PAUSED} and {@code FAILED} when nothing is ordered for now
 * @param message for people
 */
public record ClusterWait(String state, Instant since, String message) {}
