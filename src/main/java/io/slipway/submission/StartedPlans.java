package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.Clusters;
import io.slipway.compute.Preview;
import io.slipway.compute.RunOrder;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunRef;
import io.slipway.project.ProjectFile;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.LeftOut;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.stereotype.Component;

/** What accepted jobs are started with: their stored projects and the words that their clusters get, worked out anew from what is kept. */
@Component
public class StartedPlans {

    /** A larger project is not fetched only to be listed. */
    private static final long MOST_BYTES = 64L << 20;

    private final StoredProjects stored;
    private final Artifacts artifacts;
    private final Incoming incoming;
    private final Clusters clusters;
    private final Inspections inspections;
    private final LeftOutFiles leftOut;

    StartedPlans(
            StoredProjects stored,
            Artifacts artifacts,
            Incoming incoming,
            Clusters clusters,
            Inspections inspections,
            LeftOutFiles leftOut) {
        this.stored = stored;
        this.artifacts = artifacts;
        this.incoming = incoming;
        this.clusters = clusters;
        this.inspections = inspections;
        this.leftOut = leftOut;
    }

    /**
     * What one job is started with.
     *
     * @param files of its project, sorted by path
     * @param leftOut what of its upload is no part of the project
     */
    public record StartedPlan(List<ProjectFile> files, List<LeftOut> leftOut, Preview preview) {
        public StartedPlan {
            // Not a copy: they are made one by one as they are asked for.
            files = Collections.unmodifiableList(files);
        }
    }

    /**
     * Fetches the project.
     *
     * @throws UnknownReference when the project or the cluster is not there any more, or the project is too large to be fetched for this
     * @throws StorageUnavailable when the store does not answer
     * @throws io.slipway.project.InspectionsBusy when too many projects are looked at
     */
    public StartedPlan of(Job job) {
        long size = artifacts.find(job.projectId()).map(Artifact::sizeBytes).orElse(0L);
        if (size > MOST_BYTES) {
            throw new UnknownReference(
                    "project", "The project has " + (size >> 20) + " MB, which is too much to be fetched for a look.");
        }
        try (WorkFolder work = incoming.newWork();
                ProjectArchive project = open(job, work)) {
            RunRef run = job.all().last().map(Run::ref).orElseGet(() -> RunRef.first(job.id(), job.createdAt()));
            Preview preview = clusters.find(job.cluster())
                    .orElseThrow(() -> new UnknownReference(
                            "cluster", "Cluster " + job.cluster() + " is not configured any more."))
                    .preview()
                    .preview(new RunOrder(run, job.name(), job.plan()), project.files());
            return new StartedPlan(project.files(), leftOut.of(job.id()), preview);
        } catch (IOException failure) {
            throw new StorageUnavailable("The project could not be read.", failure);
        }
    }

    private ProjectArchive open(Job job, WorkFolder work) throws IOException {
        return inspections.stored(stored.fetch(job.owner(), new ProjectSource.OfJob(job.id()), work), List.of(), work);
    }
}
