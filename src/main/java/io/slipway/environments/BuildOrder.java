package io.slipway.environments;

import io.slipway.project.ArtifactId;
import io.slipway.project.requirements.Requirements;
import org.jspecify.annotations.Nullable;

/**
 * What is to be built.
 *
 * @param projectId in which the wheels lie that the requirements name
 */
public record BuildOrder(
        BuildRef ref,
        Requirements requirements,
        @Nullable String pythonVersion,
        ArtifactId projectId,
        @Nullable String executionRole) {}
