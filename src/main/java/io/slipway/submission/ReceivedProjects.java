package io.slipway.submission;

import io.slipway.jobs.JobSource;
import io.slipway.jobs.Owner;
import io.slipway.project.Printable;
import io.slipway.project.WorkFolder;
import io.slipway.project.spec.SpecReader;
import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceOrder;
import io.slipway.sources.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gets the project of a wish to where it can be opened: it came with the request, it is in the store, or it is fetched. */
@Component
class ReceivedProjects {

    private final StoredProjects stored;
    private final Inspections inspections;
    private final Sources sources;
    private final KnownSources known;
    private final SourceTurns turns;
    private final Incoming incoming;
    private final SubmissionSettings settings;

    ReceivedProjects(
            StoredProjects stored,
            Inspections inspections,
            Sources sources,
            KnownSources known,
            SourceTurns turns,
            Incoming incoming,
            SubmissionSettings settings) {
        this.stored = stored;
        this.inspections = inspections;
        this.sources = sources;
        this.known = known;
        this.turns = turns;
        this.incoming = incoming;
        this.settings = settings;
    }

    /** What URIs of projects that the owner may have fetched begin with. */
    List<String> prefixes(Owner owner) {
        return sources.prefixes(owner.value());
    }

    /** @param work stays until the project is closed */
    ReceivedProject of(SubmitJob wanted, WorkFolder work) {
        String folder = SpecReader.projectFolder(wanted.specJson(), wanted.fields());
        if (wanted.project() instanceof ProjectSource.Upload upload) {
            return configs -> inspections.open(upload.bytes(), upload.fileName(), configs, work, folder);
        }
        if (wanted.project() instanceof ProjectSource.Remote remote) {
            return remote(order(wanted, remote.uri(), work), remote.version(), folder, work);
        }
        StoredProjects.Fetched fetched = stored.fetch(wanted.owner(), wanted.project(), work);
        return folder.isEmpty()
                ? configs -> inspections.stored(fetched, configs, work)
                : configs -> inspections.open(fetched.bytes(), "project.zip", configs, work, folder);
    }

    /** Whoever asks is authorised by the question for the version, whether that was fetched before or not. */
    private ReceivedProject remote(SourceOrder order, @Nullable String wanted, String folder, WorkFolder work) {
        String version = sources.version(order);
        if (wanted != null && !wanted.equals(version)) {
            throw new SourceFailure(
                    SourceFailure.Kind.CHANGED,
                    order.uri() + " has changed: its version is " + version + " by now, and not " + Printable.of(wanted)
                            + ". Plan it again, or leave sourceVersion out to run what is there.");
        }
        JobSource now = new JobSource(order.uri(), version);
        SourceTurns.Outcome<ReceivedProject> outcome =
                turns.await(KnownSources.id(now, folder), () -> before(now, folder, work));
        if (outcome.found() != null) {
            return outcome.found();
        }
        try {
            return fetched(order.at(version), folder, work, outcome.turn());
        } catch (RuntimeException failure) {
            outcome.turn().close();
            throw failure;
        }
    }

    private ReceivedProject fetched(SourceOrder order, String folder, WorkFolder work, SourceTurns.Turn turn) {
        return FetchedProject.now(order.uri(), sources.fetch(order), folder, work, inspections, known, turn);
    }

    /** {@code null} where this version was not fetched, or is not stored any more. */
    private @Nullable ReceivedProject before(JobSource now, String folder, WorkFolder work) {
        // A folder is not cut out of the whole that is stored: normalised, it may have lost the folder around it.
        KnownSources.Known before = known.find(now, folder).orElse(null);
        if (before == null) {
            return null;
        }
        try {
            return FetchedProject.before(now, before, stored.copy(before.projectId(), work), work, inspections);
        } catch (UnknownReference gone) {
            known.forget(now, folder);
            return null;
        }
    }

    private SourceOrder order(SubmitJob wanted, String uri, WorkFolder work) {
        try {
            // Twice: once as it comes, once normalised. The upload's gate knew no length.
            long room = (incoming.freeBytes() - settings.minFreeDisk().toBytes()) / 2;
            long most = Math.max(0, Math.min(settings.maxUpload().toBytes(), room));
            Path folder = Files.createDirectory(work.path().resolve("fetched"));
            return new SourceOrder(
                    wanted.owner().value(),
                    uri,
                    null,
                    folder,
                    most,
                    settings.archive().maxEntries());
        } catch (IOException failure) {
            throw new StorageUnavailable("The service's disk has no space for the project.", failure);
        }
    }
}
