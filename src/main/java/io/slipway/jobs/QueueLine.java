package io.slipway.jobs;

/**
 * The jobs of one owner and priority that wait for one cluster.
 *
 * @param first id of the oldest
 */
public record QueueLine(int priority, String owner, long jobs, String first) {}
