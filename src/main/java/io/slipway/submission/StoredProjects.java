package io.slipway.submission;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.HoldingStream;
import io.slipway.project.WorkFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Projects and environments that an owner sent before. Nobody can reach another owner's by knowing its id. */
@Component
class StoredProjects {

    /** Nearly all that a plan of a stored project takes is this copy; with the few KB that a stream takes at once it takes twice the time. */
    private static final int BUFFER = 256 * 1024;

    private final Jobs jobs;
    private final PlannedProjects kept;
    private final ArtifactStore store;
    private final SubmissionSettings settings;

    StoredProjects(Jobs jobs, PlannedProjects kept, ArtifactStore store, SubmissionSettings settings) {
        this.settings = settings;
        this.jobs = jobs;
        this.kept = kept;
        this.store = store;
    }

    /** A project of the store, on this machine. */
    record Fetched(ArtifactId id, HeldBytes bytes) {}

    /** @param folder takes the project unless it is small */
    Fetched fetch(Owner owner, ProjectSource source, WorkFolder folder) {
        return copy(projectId(owner, source), folder);
    }

    /** As {@link #fetch}, for who has found out otherwise that the owner may have it. */
    Fetched copy(ArtifactId projectId, WorkFolder folder) {
        try (InputStream bytes = store.open(ArtifactName.project(projectId));
                HoldingStream out = new HoldingStream(folder, settings.mustStayFree())) {
            byte[] buffer = new byte[BUFFER];
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                out.write(buffer, 0, read);
            }
            return new Fetched(projectId, out.held());
        } catch (NoSuchFileException gone) {
            throw new UnknownReference(
                    "project", "The project sha256:" + projectId + " is not stored any more. Send it again.");
        } catch (IOException failure) {
            throw new StorageUnavailable("The stored project could not be fetched.", failure);
        }
    }

    /** Whether the owner has sent a project of this id, and it is there still. Others' projects are none. */
    boolean has(Owner owner, ArtifactId projectId) {
        try {
            return isOwn(owner, projectId) && store.exists(ArtifactName.project(projectId));
        } catch (IOException failure) {
            throw new StorageUnavailable("The store could not be asked for the project.", failure);
        }
    }

    /**
     * The job whose project is named, if one is by its job. What it keeps to itself may be used for its owner alone.
     *
     * @throws UnknownReference when the owner has no such job
     */
    Optional<Job> earlier(Owner owner, ProjectSource source) {
        return source instanceof ProjectSource.OfJob of ? Optional.of(job(owner, of.jobId())) : Optional.empty();
    }

    private Job job(Owner owner, JobId id) {
        return jobs.findById(id)
                .filter(job -> job.owner().equals(owner))
                .orElseThrow(() -> new UnknownReference("project", "You have no job " + id + "."));
    }

    private ArtifactId projectId(Owner owner, ProjectSource source) {
        Optional<Job> earlier = earlier(owner, source);
        if (earlier.isPresent()) {
            return earlier.get().projectId();
        }
        if (source instanceof ProjectSource.Stored known && isOwn(owner, known.projectId())) {
            return known.projectId();
        }
        throw new UnknownReference(
                "project",
                "You have sent no project of this id. Send its archive, or name one of your jobs as job:<id>.");
    }

    /** Refuses the id of an environment that the owner has not sent. */
    void requireEnvironment(Owner owner, ArtifactId id) {
        if (!jobs.hasEnvironment(owner, id) && !kept.has(owner, id)) {
            throw new UnknownReference(
                    "pythonEnvironment",
                    "You have sent no environment of this id. Send its file as the part pythonEnvironment.");
        }
    }

    private boolean isOwn(Owner owner, ArtifactId projectId) {
        return jobs.hasProject(owner, projectId) || kept.has(owner, projectId);
    }
}
