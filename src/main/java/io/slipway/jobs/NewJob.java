package io.slipway.jobs;

import io.slipway.project.ArtifactId;
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
 * @param requirementsId what has to be installed before it can run; {@code null} for nothing
 * @param source where the project was fetched from; {@code null} for one that was sent
 */
public record NewJob(
        Owner owner,
        String name,
        String cluster,
        ArtifactId projectId,
        JobSpec spec,
        @Nullable String idempotencyKey,
        String fingerprint,
        @Nullable JobId origin,
        @Nullable String requirementsId,
        @Nullable JobSource source) {

    /** Stands for the id of a project that is still to be fetched: the SHA-256 of nothing known. */
    public static final ArtifactId NOT_FETCHED = new ArtifactId("0".repeat(64));

    /** Of a job that brings no requirements. */
    public NewJob(
            Owner owner,
            String name,
            String cluster,
            ArtifactId projectId,
            JobSpec spec,
            @Nullable String idempotencyKey,
            String fingerprint,
            @Nullable JobId origin) {
        this(owner, name, cluster, projectId, spec, idempotencyKey, fingerprint, origin, null, null);
    }

    /** Of a project that came by itself. */
    public NewJob(
            Owner owner,
            String name,
            String cluster,
            ArtifactId projectId,
            JobSpec spec,
            @Nullable String idempotencyKey,
            String fingerprint) {
        this(owner, name, cluster, projectId, spec, idempotencyKey, fingerprint, null);
    }

    /** The same, once what it needs is stored. */
    public NewJob requiring(String requirements) {
        return new NewJob(
                owner, name, cluster, projectId, spec, idempotencyKey, fingerprint, origin, requirements, source);
    }

    /** The same, of a project that was fetched. */
    public NewJob from(@Nullable JobSource fetched) {
        return new NewJob(
                owner, name, cluster, projectId, spec, idempotencyKey, fingerprint, origin, requirementsId, fetched);
    }
}
