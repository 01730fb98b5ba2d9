package io.slipway.provision;

import java.time.Instant;

/**
 * A cluster of this installation, as a listing shows it.
 *
 * @param cluster the configured name that is part of its name
 * @param orderKey of the order that is part of its name
 * @param ended whether it has ended, or is about to
 */
public record FoundCluster(String clusterId, String cluster, String orderKey, Instant createdAt, boolean ended) {}
