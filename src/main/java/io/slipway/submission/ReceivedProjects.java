package io.slipway.submission;

import io.slipway.project.spec.SpecReader;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** Gets the project of a wish to where it can be opened: it came with the request, or it is in the store. */
@Component
class ReceivedProjects {

    private final StoredProjects stored;
    private final Inspections inspections;

    ReceivedProjects(StoredProjects stored, Inspections inspections) {
        this.stored = stored;
        this.inspections = inspections;
    }

    /** @param work a folder that stays until the project is closed */
    ReceivedProject of(SubmitJob wanted, Path work) {
        String folder = SpecReader.projectFolder(wanted.specJson(), wanted.fields());
        if (wanted.project() instanceof ProjectSource.Upload upload) {
            return configs -> inspections.open(upload.file(), upload.fileName(), configs, work, folder);
        }
        StoredProjects.Fetched fetched = stored.fetch(wanted.owner(), wanted.project(), work);
        return folder.isEmpty()
                ? configs -> inspections.stored(fetched, configs, work)
                : configs -> inspections.open(fetched.file(), "project.zip", configs, work, folder);
    }
}
