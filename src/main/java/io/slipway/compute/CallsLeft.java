package io.slipway.compute;

/**
 * How many calls of one kind may be made to a cluster's service at this moment.
 *
 * @param api {@code all} for all kinds together, which bound each of them
 * @param most when nothing was called for a while
 */
public record CallsLeft(String api, long left, long most) {}
