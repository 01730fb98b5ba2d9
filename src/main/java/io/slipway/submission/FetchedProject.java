package io.slipway.submission;

import io.slipway.jobs.JobSource;
import io.slipway.project.HeldBytes;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.ConfigOverlay;
import io.slipway.project.archive.LeftOut;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.sources.FetchedSource;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A project that was just fetched, or one that was fetched before in the version that its source has now. */
final class FetchedProject implements ReceivedProject {

    private final Opener opener;
    private final JobSource source;
    private final Details details;
    private final @Nullable Memory memory;
    private final SourceTurns.@Nullable Turn turn;

    private interface Opener {
        ProjectArchive open(List<ConfigOverlay> configs) throws IOException;
    }

    private interface Details {
        KnownSources.Details of(ProjectArchive opened);
    }

    private interface Memory {
        void keep(ProjectArchive opened, KnownSources.Details details);
    }

    private FetchedProject(
            Opener opener,
            JobSource source,
            Details details,
            @Nullable Memory memory,
            SourceTurns.@Nullable Turn turn) {
        this.turn = turn;
        this.opener = opener;
        this.source = source;
        this.details = details;
        this.memory = memory;
    }

    /**
     * @param folder of what was fetched, which is the project; empty for all of it
     * @param turn others wait for it
     */
    static ReceivedProject now(
            String uri,
            FetchedSource fetched,
            String folder,
            WorkFolder work,
            Inspections inspections,
            KnownSources known,
            SourceTurns.Turn turn) {
        JobSource source = new JobSource(uri, fetched.version());
        List<LeftOut> submodules = fetched.submodules().stream()
                .map(path -> new LeftOut(path, LeftOut.Reason.SUBMODULE, 1))
                .toList();
        return new FetchedProject(
                configs -> inspections.open(HeldBytes.of(fetched.file()), fetched.fileName(), configs, work, folder),
                source,
                opened -> new KnownSources.Details(
                        opened.suggestedName(),
                        Stream.concat(opened.leftOut().stream(), submodules.stream())
                                .toList()),
                (opened, details) -> known.keep(source, folder, opened.id(), details),
                turn);
    }

    static ReceivedProject before(
            JobSource source,
            KnownSources.Known known,
            StoredProjects.Fetched file,
            WorkFolder work,
            Inspections inspections) {
        return new FetchedProject(
                configs -> inspections.stored(file, configs, work), source, opened -> known.details(), null, null);
    }

    @Override
    public ProjectArchive open(List<ConfigOverlay> configs) throws IOException {
        return opener.open(configs);
    }

    @Override
    public JobSource source() {
        return source;
    }

    @Override
    public String name(ProjectArchive opened) {
        return details.of(opened).name();
    }

    @Override
    public List<LeftOut> leftOut(ProjectArchive opened) {
        return details.of(opened).leftOut();
    }

    @Override
    public boolean isWorthKeeping() {
        return memory != null;
    }

    @Override
    public void stored(ProjectArchive opened) {
        // With other files over it, it is another project than the source's.
        if (memory != null && opened.overlaid().isEmpty()) {
            memory.keep(opened, details.of(opened));
            close();
        }
    }

    @Override
    public void close() {
        if (turn != null) {
            turn.close();
        }
    }
}
