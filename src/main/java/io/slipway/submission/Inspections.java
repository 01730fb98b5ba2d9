package io.slipway.submission;

import io.slipway.project.HeldBytes;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ConfigOverlay;
import io.slipway.project.archive.InspectionMemory;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Opens projects, within the limits of the settings and the part of the heap that all of them share. */
@Component
class Inspections {

    private final ArchiveLimits limits;
    private final InspectionMemory memory;

    Inspections(SubmissionSettings settings) {
        this.limits = settings.archiveLimits();
        this.memory = new InspectionMemory(
                Runtime.getRuntime().maxMemory(), limits, settings.archive().longestWait());
    }

    /**
     * @throws io.slipway.project.InvalidProject when the upload is at fault
     * @throws io.slipway.project.InspectionsBusy when there is no memory for it in time
     */
    ProjectArchive open(HeldBytes upload, String fileName, List<ConfigOverlay> configs, WorkFolder work)
            throws IOException {
        return open(upload, fileName, configs, work, "");
    }

    /** One of our own store. */
    ProjectArchive stored(StoredProjects.Fetched project, List<ConfigOverlay> configs, WorkFolder work)
            throws IOException {
        return ProjectArchive.stored(project.bytes(), project.id(), configs, limits, work, memory);
    }

    /** @param changes {@code null} when the stored project has all contents that the manifest lists */
    ProjectArchive changed(
            StoredProjects.Fetched base, HeldBytes manifest, @Nullable HeldBytes changes, WorkFolder work)
            throws IOException {
        return ProjectArchive.changed(base.bytes(), base.id(), manifest, changes, limits, work, memory);
    }

    /** @param folder of the upload, which is the project; empty for all of it */
    ProjectArchive open(HeldBytes upload, String fileName, List<ConfigOverlay> configs, WorkFolder work, String folder)
            throws IOException {
        return ProjectArchive.read(upload, fileName, configs, limits, work, memory, folder);
    }
}
