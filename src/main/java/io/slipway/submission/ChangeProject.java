package io.slipway.submission;

import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes a project out of one that its owner has stored and of what changed since, so that only that travels. */
@Component
public class ChangeProject {

    private final Incoming incoming;
    private final StoredProjects stored;
    private final PlannedProjects kept;
    private final Inspections inspections;
    private final Quotas quotas;

    ChangeProject(
            Incoming incoming, StoredProjects stored, PlannedProjects kept, Inspections inspections, Quotas quotas) {
        this.quotas = quotas;
        this.incoming = incoming;
        this.stored = stored;
        this.kept = kept;
        this.inspections = inspections;
    }

    /**
     * A project that is stored now.
     *
     * @param expiresAt until when it can be named by its id without a job of it
     */
    public record Changed(ArtifactId projectId, int files, Instant expiresAt) {}

    /** Whether the owner can name this project by its id. Others' projects are none. */
    public boolean isThere(Owner owner, ArtifactId projectId) {
        return stored.has(owner, projectId);
    }

    /**
     * @param manifest of the project that is wanted, in its canonical form
     * @param changes an archive with the contents that the base lacks; {@code null} when it lacks none
     * @throws UnknownReference when the owner has no such base
     * @throws io.slipway.project.InvalidProject when it cannot be made, or would be another project than the manifest's
     * @throws QuotaExceeded when the owner sends more than is allowed
     * @throws StorageUnavailable when it could not be stored; the request may be repeated
     * @throws io.slipway.project.InspectionsBusy when too many are looked at; the request may be repeated
     */
    public Changed of(Owner owner, ArtifactId baseId, HeldBytes manifest, @Nullable HeldBytes changes) {
        quotas.take(owner, null);
        try (WorkFolder work = incoming.newWork()) {
            StoredProjects.Fetched base = held(owner, baseId, work);
            try (ProjectArchive project = inspections.changed(base, manifest, changes, work)) {
                Instant expiry = kept.keep(owner, List.of(ArtifactFile.of(project)));
                return new Changed(project.id(), project.files().size(), expiry);
            }
        } catch (IOException failure) {
            throw new StorageUnavailable("The project could not be read or written on the service's disk.", failure);
        }
    }

    /** Nobody deletes the base before it is read, nor before the next change of it is likely. */
    private StoredProjects.Fetched held(Owner owner, ArtifactId baseId, WorkFolder work) {
        if (!stored.has(owner, baseId)) {
            throw new UnknownReference(
                    "project",
                    "You have sent no project of this id, or it is not stored any more. Send the whole project.");
        }
        kept.hold(owner, baseId);
        return stored.fetch(owner, new ProjectSource.Stored(baseId), work);
    }
}
