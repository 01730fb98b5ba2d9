package io.slipway.submission;

import io.slipway.project.spec.SpecReader;
import io.slipway.sources.FetchedSource;
import io.slipway.sources.SourceOrder;
import io.slipway.sources.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** Gets the project of a wish to where it can be opened: it came with the request, it is in the store, or it is fetched. */
@Component
class ReceivedProjects {

    private final StoredProjects stored;
    private final Inspections inspections;
    private final Sources sources;
    private final Incoming incoming;
    private final SubmissionSettings settings;

    ReceivedProjects(
            StoredProjects stored,
            Inspections inspections,
            Sources sources,
            Incoming incoming,
            SubmissionSettings settings) {
        this.stored = stored;
        this.inspections = inspections;
        this.sources = sources;
        this.incoming = incoming;
        this.settings = settings;
    }

    /** @param work a folder that stays until the project is closed */
    ReceivedProject of(SubmitJob wanted, Path work) {
        String folder = SpecReader.projectFolder(wanted.specJson(), wanted.fields());
        if (wanted.project() instanceof ProjectSource.Upload upload) {
            return configs -> inspections.open(upload.file(), upload.fileName(), configs, work, folder);
        }
        if (wanted.project() instanceof ProjectSource.Remote remote) {
            FetchedSource fetched = fetch(wanted, remote.uri(), work);
            return configs -> inspections.open(fetched.file(), fetched.fileName(), configs, work, folder);
        }
        StoredProjects.Fetched fetched = stored.fetch(wanted.owner(), wanted.project(), work);
        return folder.isEmpty()
                ? configs -> inspections.stored(fetched, configs, work)
                : configs -> inspections.open(fetched.file(), "project.zip", configs, work, folder);
    }

    private FetchedSource fetch(SubmitJob wanted, String uri, Path work) {
        try {
            // Twice: once as it comes, once normalised. The upload's gate knew no length.
            long room = (incoming.freeBytes() - settings.minFreeDisk().toBytes()) / 2;
            long most = Math.max(0, Math.min(settings.maxUpload().toBytes(), room));
            Path folder = Files.createDirectory(work.resolve("fetched"));
            return sources.fetch(new SourceOrder(
                    wanted.owner().value(),
                    uri,
                    folder,
                    most,
                    settings.archive().maxEntries()));
        } catch (IOException failure) {
            throw new StorageUnavailable("The service's disk has no space for the project.", failure);
        }
    }
}
