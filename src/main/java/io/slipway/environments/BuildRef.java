package io.slipway.environments;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One build, as its builder knows it.
 *
 * @param intent unique: the environment and the attempt
 * @param machine on which of the cluster's machines it was intended, where that can change; {@code null} elsewhere
 */
public record BuildRef(
        String intent, String cluster, @Nullable String machine, Instant intentAt) {}
