package io.slipway.submission;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.jobs.Job;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import org.springframework.stereotype.Component;

/** Gives a stored project back, as the zip that it is stored as: what lay over it is in it. */
@Component
public class ProjectDownload {

    private final ArtifactStore store;

    ProjectDownload(ArtifactStore store) {
        this.store = store;
    }

    /**
     * The project's bytes, read as they are asked for.
     *
     * @throws UnknownReference when it is not stored any more
     * @throws StorageUnavailable when the store does not answer
     */
    public InputStream open(Job job) {
        try {
            return store.open(ArtifactName.project(job.projectId()));
        } catch (NoSuchFileException gone) {
            throw new UnknownReference("project", "The project sha256:" + job.projectId() + " is not stored any more.");
        } catch (IOException failure) {
            throw new StorageUnavailable("The stored project could not be fetched.", failure);
        }
    }
}
