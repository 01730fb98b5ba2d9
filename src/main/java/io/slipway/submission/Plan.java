package io.slipway.submission;

import io.slipway.compute.Preview;
import io.slipway.jobs.NewJob;
import io.slipway.project.ArtifactId;
import io.slipway.project.Finding;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.LeftOut;
import java.time.Instant;
import java.util.List;

/**
 * What a job would be and become.
 *
 * @param baseProjectId of the project without the configuration files that came with the wish
 * @param files of the stored project, sorted by path
 * @param leftOut what of the upload is no part of the project
 * @param expiresAt until when the project can be named by its id without a job of it
 */
public record Plan(
        NewJob job,
        ArtifactId baseProjectId,
        List<ProjectFile> files,
        List<LeftOut> leftOut,
        Instant expiresAt,
        Preview preview,
        List<Finding> findings) {}
