package io.slipway.provision;

import java.time.Instant;

/**
 * What is about to be ordered, as it was committed.
 *
 * @param key of the order: part of the cluster's name, and a tag
 * @param cluster whose template is meant
 * @param subnet which of its subnets, counted from 0
 * @param at when the intent was written; the call leaves soon after, or never
 */
public record OrderIntent(String key, String cluster, int subnet, Instant at) {}
