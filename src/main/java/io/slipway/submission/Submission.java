package io.slipway.submission;

import io.slipway.compute.Clusters;
import io.slipway.compute.Compute;
import io.slipway.jobs.NewJob;
import io.slipway.project.ArchiveLimits;
import io.slipway.project.InvalidProject;
import io.slipway.project.JobSpec;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectArchive;
import io.slipway.project.ProjectInspector;
import io.slipway.project.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Accepts a job: looks into the project, records the job, puts the project in place. When {@link #submit} returns, the job survives
 * whatever happens; when it throws, nothing of the submission is left.
 */
@Component
public class Submission {

    private final Incoming incoming;
    private final StoredProjects stored;
    private final Acceptance acceptance;
    private final Clusters clusters;
    private final Quotas quotas;
    private final ArchiveLimits limits;

    Submission(
            Incoming incoming,
            StoredProjects stored,
            Acceptance acceptance,
            Clusters clusters,
            Quotas quotas,
            SubmissionSettings settings) {
        this.incoming = incoming;
        this.stored = stored;
        this.acceptance = acceptance;
        this.clusters = clusters;
        this.quotas = quotas;
        this.limits = settings.archive().limits();
    }

    /**
     * Takes a few milliseconds for a small project and as long as storing takes for a large one.
     *
     * @throws io.slipway.project.InvalidProject when the project or the spec cannot become a job
     * @throws UnknownReference when it names a cluster or a stored project that is not there
     * @throws QuotaExceeded when the owner has, or sends, as much as is allowed
     * @throws IdempotencyKeyReused when the key stands for another job
     * @throws StorageUnavailable when the project could not be stored; the request may be repeated
     */
    public Submitted submit(SubmitJob wanted) {
        quotas.take(wanted.owner(), wanted.idempotencyKey());
        Path work = newFolder();
        try (ProjectArchive project = open(wanted, work)) {
            return acceptance.accept(newJob(wanted, project), project);
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        } finally {
            incoming.sweep(work);
        }
    }

    private ProjectArchive open(SubmitJob wanted, Path work) throws IOException {
        ProjectSource source = wanted.project();
        if (source instanceof ProjectSource.Upload upload) {
            return ProjectArchive.read(upload.file(), upload.fileName(), wanted.configs(), limits, work);
        }
        Path zip = stored.fetch(wanted.owner(), source, work);
        return ProjectArchive.read(zip, "project.zip", wanted.configs(), limits, work);
    }

    private NewJob newJob(SubmitJob wanted, ProjectArchive project) throws IOException {
        byte[] file = project.read(SpecReader.FILE, SpecReader.FILE_READ_BYTES).orElse(null);
        JobSpec asked = new SpecReader().read(wanted.specJson(), wanted.fields(), file);
        String entryPoint = new ProjectInspector().inspect(project, asked).entryPoint();
        Compute cluster = cluster(asked);
        String name = asked.name() == null ? project.suggestedName() : asked.name();
        JobSpec spec = asked.resolved(name, cluster.target().name(), entryPoint);
        refuseWhatTheClusterWould(cluster, LaunchPlan.of(project.id(), spec));
        return new NewJob(
                wanted.owner(),
                name,
                cluster.target().name(),
                project.id(),
                spec,
                wanted.idempotencyKey(),
                Fingerprint.of(project.id(), asked));
    }

    private Compute cluster(JobSpec asked) {
        String name = asked.cluster() == null ? clusters.defaultName() : asked.cluster();
        return clusters.find(name)
                .orElseThrow(() -> new UnknownReference(
                        "cluster",
                        "There is no cluster '" + name + "'. Configured are: " + String.join(", ", clusters.names())
                                + "."));
    }

    /** Now, with the request still open, rather than in the job's history. */
    private static void refuseWhatTheClusterWould(Compute cluster, LaunchPlan plan) {
        List<InvalidProject.Detail> objections = cluster.objections(plan);
        if (!objections.isEmpty()) {
            throw new InvalidProject(
                    InvalidProject.Problem.INVALID_SPEC,
                    "Cluster '" + cluster.target().name() + "' cannot run this; see errors.",
                    objections);
        }
    }

    private Path newFolder() {
        try {
            return incoming.newFolder();
        } catch (IOException failure) {
            throw new StorageUnavailable("There is no place for an upload on the service's disk.", failure);
        }
    }
}
