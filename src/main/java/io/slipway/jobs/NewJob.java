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
 * @param origin id of the job whose project it runs again; {@code null} for a project that came by itself
 */
public record NewJob(
        Owner owner,
        String name,
        String cluster,
        String projectId,
        JobSpec spec,
        @Nullable String idempotencyKey,
        String fingerprint,
        @Nullable JobId origin) {

    /** Of a project that came by itself. */
    public NewJob(
            Owner owner,
            String name,
            String cluster,
            String projectId,
            JobSpec spec,
            @Nullable String idempotencyKey,
            String fingerprint) {
        this(owner, name, cluster, projectId, spec, idempotencyKey, fingerprint, null);
    }
}
