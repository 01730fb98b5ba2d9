package io.slipway.jobs;

import io.slipway.project.JobSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a job is born from.
 *
 * @param cluster name of a configured cluster
 * @param projectId SHA-256 of the project's canonical manifest
 * @param spec resolved: its entry point is known
 * @param fingerprint SHA-256 over project and spec
 */
public record NewJob(
        String owner,
        String name,
        String cluster,
        String projectId,
        JobSpec spec,
        @Nullable String idempotencyKey,
        String fingerprint) {}
