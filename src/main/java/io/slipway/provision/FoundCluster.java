package io.slipway.provision;

import java.time.Instant;

/**
 * A cluster of this installation, as a listing tells it.
 *
 * @param cluster the configured name that its name tells
 * @param orderKey of the order that its name tells
 * @param ended whether it has ended, or is about to
 */
public record FoundCluster(String clusterId, String cluster, String orderKey, Instant createdAt, boolean ended) {}
