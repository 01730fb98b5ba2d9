package io.slipway.environments;

import io.slipway.project.ArtifactId;
import org.jspecify.annotations.Nullable;

/**
 * What a job wants to have installed, and where.
 *
 * @param requirementsId of the stored {@link StoredRequirements}
 * @param pythonVersion {@code 3.11}; {@code null} for the cluster's own
 * @param projectId in which the wheels lie that the project brings
 * @param executionRole that the build has on the cluster; {@code null} for the cluster's default
 * @param hashed whether every package is named by a hash
 */
public record EnvironmentWish(
        String requirementsId,
        String cluster,
        @Nullable String pythonVersion,
        ArtifactId projectId,
        @Nullable String executionRole,
        String owner,
        boolean hashed) {}
