package io.slipway.project.archive;

import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.project.Overlaid;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/**
 * A project that passed every check, as one normalised zip on disk. Whoever opened it closes it, which removes the file unless it was
 * taken, and lets the next project be looked at. Not for use by several threads.
 */
public final class ProjectArchive implements Closeable {

    private final Path file;
    private final ProjectFiles files;
    private final String id;
    private final long size;
    private final String wrapper;
    private final String suggestedName;
    private final Map<String, Overlaid> overlaid;
    private final InspectionMemory.Share memory;
    private boolean taken;

    private ProjectArchive(
            Path file,
            ProjectTree tree,
            String suggestedName,
            Map<String, Overlaid> overlaid,
            InspectionMemory.Share memory)
            throws IOException {
        this.file = file;
        this.files = new ProjectFiles(tree);
        this.id = Manifest.id(tree);
        this.size = Files.size(file);
        this.wrapper = tree.wrapper();
        this.suggestedName = suggestedName;
        this.overlaid = Map.copyOf(overlaid);
        this.memory = memory;
    }

    /** As the other, where no other project is looked at in the same process. */
    public static ProjectArchive read(
            Path upload, String fileName, List<ConfigOverlay> overlays, ArchiveLimits limits, Path workFolder)
            throws IOException {
        return read(upload, fileName, overlays, limits, workFolder, InspectionMemory.alone());
    }

    /**
     * Reads an upload, or a project that was normalised before, to its end and writes the project with the overlays on it. Waits while
     * others have all the memory.
     *
     * @param fileName as the client named it; decides the format only where the content does not
     * @param workFolder takes the normalised zip and, while reading, as much again; must exist
     * @throws InvalidProject when the upload is at fault; nothing is left in the work folder
     * @throws InspectionsBusy when the others took too long
     * @throws IOException when this machine's disk is
     */
    public static ProjectArchive read(
            Path upload,
            String fileName,
            List<ConfigOverlay> overlays,
            ArchiveLimits limits,
            Path workFolder,
            InspectionMemory memory)
            throws IOException {
        return read(upload, fileName, overlays, limits, workFolder, memory.share());
    }

    private static ProjectArchive read(
            Path upload,
            String fileName,
            List<ConfigOverlay> overlays,
            ArchiveLimits limits,
            Path workFolder,
            InspectionMemory.Share memory)
            throws IOException {
        ReadBudget budget = new ReadBudget(limits, memory);
        try (Spool spool = new Spool(workFolder);
                Upload open = Upload.open(upload, fileName, budget, spool)) {
            ProjectTree tree = ProjectTree.of(open, budget);
            Map<String, Overlaid> overlaid = Overlays.lay(overlays, tree, spool, budget);
            readContents(tree, open, budget);
            Path file = write(tree, open, spool, workFolder);
            return new ProjectArchive(file, tree, SuggestedName.of(fileName, tree.wrapper()), overlaid, memory);
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /** Each content is read once, also when links made copies of it; the copies are counted like files. */
    private static void readContents(ProjectTree tree, Upload upload, ReadBudget budget) throws IOException {
        EntryTable table = tree.table();
        PrimitiveIterator.OfInt rows = tree.files().iterator();
        while (rows.hasNext()) {
            int row = rows.nextInt();
            int original = table.isCopy(row) ? table.original(row) : row;
            if (!table.isRead(original)) {
                table.content(original, upload.read(original));
            } else if (original != row) {
                Content known = table.content(original);
                // A hostile stream can be long and unpack to nothing.
                budget.copied(Math.max(known.size(), known.compressedSize()));
            }
            if (original != row) {
                table.content(row, table.content(original));
            }
        }
    }

    private static Path write(ProjectTree tree, Upload upload, Spool spool, Path workFolder) throws IOException {
        Path file = Files.createTempFile(workFolder, "project-", ".zip");
        FileChannel uploaded = upload.bytes();
        FileChannel spooled = spool.bytes();
        try {
            ProjectZip.write(
                    file, tree, place -> uploaded == null || place == Content.Place.SPOOL ? spooled : uploaded);
            return file;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** SHA-256 of the canonical manifest (see {@link Manifest}) in lower-case hex: the same for the same files, however packed. */
    public String id() {
        return id;
    }

    /** The normalised zip. */
    public Path file() {
        return file;
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

    /** The folder that wrapped the whole project and was taken off; empty when there was none. */
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

        private final FileChannel zip = FileChannel.open(file);

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

    /** Hands the file over: it stays when this is closed, and the caller moves or deletes it. */
    public Path take() {
        taken = true;
        return file;
    }

    @Override
    public void close() throws IOException {
        memory.close();
        if (!taken) {
            Files.deleteIfExists(file);
        }
    }
}
