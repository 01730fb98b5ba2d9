package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.compute.Preview;
import io.slipway.environments.RequirementsReading;
import io.slipway.jobs.NewJob;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import io.slipway.project.analysis.InstalledPackages;
import io.slipway.project.archive.LeftOut;
import io.slipway.project.archive.PackedEnvironment;
import io.slipway.project.requirements.Requirements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish that can become a job, and what its cluster would make of it.
 *
 * @param files what has to be in the store before it is a job, but for pieces of the project
 * @param requirements what has to be installed before it runs; {@code null} for nothing
 * @param sentEnvironment that came with the request; {@code null} for none
 * @param packages that the program will find beside its project
 * @param findings about what is not installed
 * @param leftOut what of the upload is no part of the project
 */
record ValidatedSubmission(
        NewJob job,
        LaunchPlan plan,
        Preview preview,
        List<ArtifactFile> files,
        Pieces pieces,
        @Nullable Requirements requirements,
        @Nullable PackedEnvironment sentEnvironment,
        InstalledPackages packages,
        List<Finding> findings,
        List<LeftOut> leftOut) {

    /** The job as it is recorded, its requirements stored. */
    NewJob wanted(RequirementsReading reading) {
        return requirements == null ? job : job.requiring(reading.store(requirements));
    }

    /** What it brought is stored. */
    void stored(KnownEnvironments environments) {
        if (sentEnvironment != null) {
            plan.launch().python().storedEnvironment().ifPresent(id -> environments.keep(id, sentEnvironment));
        }
    }

    /** All that has to be in the store before it is a job. */
    List<ArtifactFile> filesOfRun() {
        return files.stream()
                .map(file -> file.kind() == Artifact.Kind.PROJECT ? file.with(pieces) : file)
                .toList();
    }

    ValidatedSubmission leavingOut(List<LeftOut> leftOutOfSource) {
        return new ValidatedSubmission(
                job, plan, preview, files, pieces, requirements, sentEnvironment, packages, findings, leftOutOfSource);
    }

    Launch launch() {
        return plan.launch();
    }

    /**
     * Now, with the request still open, rather than in the job's history.
     *
     * @throws InvalidProject {@link Problem#NOT_ALLOWED}, with a detail for each field at fault
     */
    void refuseProblems() {
        List<Detail> problems = preview.problems();
        if (!problems.isEmpty()) {
            Detail first = problems.get(0);
            throw new InvalidProject(
                    Problem.NOT_ALLOWED,
                    "Cluster %s: %s: %s".formatted(job.cluster(), first.at(), first.message()),
                    problems);
        }
    }
}
