package io.slipway.project.archive;

import io.slipway.project.ArtifactId;
import io.slipway.project.Finding;
import io.slipway.project.HeldBytes;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.project.Overlaid;
import io.slipway.project.RandomBytes;
import io.slipway.project.WorkFolder;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A project that passed every check, as one normalised zip. Whoever opened it closes it, which removes its file, if it has one, unless it
 * was taken, and lets the next project be looked at. Not for use by several threads.
 */
public final class ProjectArchive implements Closeable {

    private final HeldBytes bytes;
    private final WorkFolder workFolder;
    private final ProjectFiles files;
    private final ArtifactId id;
    private final long size;
    private final String wrapper;
    private final String suggestedName;
    private final Map<String, Overlaid> overlaid;
    private final List<LeftOut> leftOut;
    private final List<Finding> findings;
    private final InspectionMemory.Share memory;
    private boolean taken;

    ProjectArchive(
            HeldBytes bytes,
            WorkFolder workFolder,
            ProjectTree tree,
            String suggestedName,
            Map<String, Overlaid> overlaid,
            List<Finding> findings,
            InspectionMemory.Share memory)
            throws IOException {
        this.bytes = bytes;
        this.workFolder = workFolder;
        this.files = new ProjectFiles(tree);
        this.id = Manifest.id(tree);
        this.size = bytes.size();
        this.wrapper = tree.wrapper();
        this.suggestedName = suggestedName;
        this.overlaid = Map.copyOf(overlaid);
        this.leftOut = tree.leftOut();
        this.findings = List.copyOf(findings);
        this.memory = memory;
    }

    /** As the other, where no other project is looked at in the same process. */
    public static ProjectArchive read(
            Path upload, String fileName, List<ConfigOverlay> overlays, ArchiveLimits limits, Path workFolder)
            throws IOException {
        return new ArchiveReader(overlays, limits, WorkFolder.of(workFolder), "")
                .upload(HeldBytes.of(upload), fileName, InspectionMemory.alone());
    }

    /**
     * Reads an upload, or a project that was normalised before, to its end and writes the project with the overlays on it. Waits while
     * others have all the memory.
     *
     * @param fileName as the client named it; decides the format only where the content does not
     * @param workFolder takes the normalised zip and, while reading, as much again, as far as they are not small
     * @throws InvalidProject when the upload is at fault; nothing is left in the work folder
     * @throws InspectionsBusy when the others took too long
     * @throws IOException when this machine's disk is
     */
    public static ProjectArchive read(
            HeldBytes upload,
            String fileName,
            List<ConfigOverlay> overlays,
            ArchiveLimits limits,
            WorkFolder workFolder,
            InspectionMemory memory)
            throws IOException {
        return read(upload, fileName, overlays, limits, workFolder, memory, "");
    }

    /**
     * As the other, of one folder of the upload: in a repository of many projects, that is the one which is meant.
     *
     * @param projectFolder path from the upload's root, or from below a folder that wraps all of it; empty for the whole upload
     * @throws InvalidProject when the upload is at fault or has no such folder; nothing is left in the work folder
     */
    public static ProjectArchive read(
            HeldBytes upload,
            String fileName,
            List<ConfigOverlay> overlays,
            ArchiveLimits limits,
            WorkFolder workFolder,
            InspectionMemory memory,
            String projectFolder)
            throws IOException {
        return new ArchiveReader(overlays, limits, workFolder, folder(projectFolder))
                .upload(upload, fileName, memory.share());
    }

    private static String folder(String projectFolder) {
        try {
            return projectFolder.isEmpty() ? "" : EntryPath.of(projectFolder).value();
        } catch (InvalidProject unsafe) {
            throw new InvalidProject(
                    unsafe.problem(),
                    "projectFolder: " + unsafe.getMessage(),
                    List.of(new InvalidProject.Detail("projectFolder", String.valueOf(unsafe.getMessage()))));
        }
    }

    /**
     * Reads a project of our own store. What was found out of its files when they were written is believed, so that not every byte is
     * unpacked once more; one of which that does not make its id is read like an upload.
     *
     * @param id of the project; without overlays it stays the same
     */
    public static ProjectArchive stored(
            HeldBytes zip,
            ArtifactId id,
            List<ConfigOverlay> overlays,
            ArchiveLimits limits,
            WorkFolder workFolder,
            InspectionMemory memory)
            throws IOException {
        return new ArchiveReader(overlays, limits, workFolder, "").stored(zip, id, memory);
    }

    /**
     * Makes a project out of a stored one and what it lacks.
     *
     * @param base of our own store; {@code baseId} is its id
     * @param manifest in the canonical form, of the project that is wanted
     * @param changes an archive whose files are found by their contents, whatever their names are; {@code null} when nothing is lacking
     * @throws InvalidProject {@link io.slipway.project.InvalidProject.Problem#WRONG_MANIFEST} when the manifest is not canonical, a
     *     content is in neither of them, or what comes out has another id than the manifest
     */
    public static ProjectArchive changed(
            HeldBytes base,
            ArtifactId baseId,
            HeldBytes manifest,
            @Nullable HeldBytes changes,
            ArchiveLimits limits,
            WorkFolder workFolder,
            InspectionMemory memory)
            throws IOException {
        return new ArchiveReader(List.of(), limits, workFolder, "").changed(base, baseId, manifest, changes, memory);
    }

    /** SHA-256 of the canonical manifest (see {@link Manifest}) in lower-case hex: the same for the same files, however packed. */
    public ArtifactId id() {
        return id;
    }

    /** The normalised zip. */
    public HeldBytes bytes() {
        return bytes;
    }

    /** For files that are needed while it is looked at. */
    public WorkFolder workFolder() {
        return workFolder;
    }

    /** Bytes of the normalised zip. */
    public long size() {
        return size;
    }

    public ProjectFiles files() {
        return files;
    }

    /** What the configuration files did that were laid over it, by their paths. */
    public Map<String, Overlaid> overlaid() {
        return overlaid;
    }

    /** What of the upload is no part of the project; empty for one that was normalised before. */
    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /** What its names and first bytes tell. */
    public List<Finding> findings() {
        return findings;
    }

    /** The folders that wrapped the whole project and were taken off, as a path; empty when there were none. */
    public String wrapper() {
        return wrapper;
    }

    /** What a person might call the project: the upload's name without its extension, else that of the wrapping folder. */
    public String suggestedName() {
        return suggestedName;
    }

    /**
     * The beginning of one file; empty when the project has no such file.
     *
     * @param maxBytes ask for one more than allowed to learn that a file is longer
     */
    public Optional<byte[]> read(String path, int maxBytes) throws IOException {
        try (Reader reader = new Reader()) {
            try (InputStream in = reader.open(path)) {
                return in == null ? Optional.empty() : Optional.of(in.readNBytes(maxBytes));
            }
        }
    }

    /** For reading several files. */
    public final class Reader implements Closeable {

        private final RandomBytes zip = bytes.random();

        public Reader() throws IOException {}

        /** A stream that the caller closes, or {@code null} when there is no such file. */
        @Nullable
        public InputStream open(String path) {
            Content content = files.content(path);
            return content == null ? null : ZipContents.unpacked(zip, content);
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    /** Hands the bytes over: they stay when this is closed, and the caller moves or deletes them. */
    public HeldBytes take() {
        taken = true;
        return bytes;
    }

    @Override
    public void close() throws IOException {
        memory.close();
        if (!taken) {
            bytes.delete();
        }
    }
}
