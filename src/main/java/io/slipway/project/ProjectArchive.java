package io.slipway.project;

import io.slipway.project.UploadEntry.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;

/**
 * A project that passed every check, as one normalised zip on disk. Whoever opened it closes it, which removes the file unless it was
 * taken. Not for use by several threads.
 */
public final class ProjectArchive implements Closeable {

    private final Path file;
    private final Manifest manifest;
    private final String id;
    private final long size;
    private final String wrapper;
    private final String suggestedName;
    private final Map<String, Overlaid> overlaid;
    private boolean taken;

    private ProjectArchive(
            Path file, Manifest manifest, String wrapper, String suggestedName, Map<String, Overlaid> overlaid)
            throws IOException {
        this.file = file;
        this.manifest = manifest;
        this.id = manifest.id();
        this.size = Files.size(file);
        this.wrapper = wrapper;
        this.suggestedName = suggestedName;
        this.overlaid = Map.copyOf(overlaid);
    }

    /**
     * Reads an upload, or a project that was normalised before, to its end and writes the project with the overlays on it.
     *
     * @param fileName as the client named it; decides the format only where the content does not
     * @param workFolder takes the normalised zip and, while reading, as much again; must exist
     * @throws InvalidProject when the upload is at fault; nothing is left in the work folder
     * @throws IOException when this machine's disk is
     */
    public static ProjectArchive read(
            Path upload, String fileName, List<ConfigOverlay> overlays, ArchiveLimits limits, Path workFolder)
            throws IOException {
        ReadBudget budget = new ReadBudget(limits);
        try (Spool spool = new Spool(workFolder);
                Upload open = Upload.open(upload, fileName, budget, spool)) {
            ProjectTree tree = ProjectTree.of(open, budget);
            Map<String, Overlaid> overlaid = Overlays.lay(overlays, tree, spool, budget);
            Manifest manifest = readContents(tree, budget);
            Path file = write(manifest, workFolder);
            return new ProjectArchive(
                    file, manifest, tree.wrapper(), SuggestedName.of(fileName, tree.wrapper()), overlaid);
        }
    }

    private static Manifest readContents(ProjectTree tree, ReadBudget budget) throws IOException {
        List<Manifest.Item> items = new ArrayList<>();
        ContentsOnce contents = new ContentsOnce(budget);
        for (UploadEntry entry : tree.entries().values()) {
            boolean folder = entry.kind() == Kind.FOLDER;
            items.add(new Manifest.Item(
                    entry.path().value(), entry.executable(), folder ? null : contents.of(entry.content())));
        }
        return new Manifest(items);
    }

    private static Path write(Manifest manifest, Path workFolder) throws IOException {
        Path file = Files.createTempFile(workFolder, "project-", ".zip");
        try {
            ProjectZip.write(file, manifest.items());
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

    /** Sorted by path. */
    public List<ProjectFile> files() {
        return manifest.files();
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
        boolean there = manifest.items().stream()
                .anyMatch(item -> !item.isFolder() && item.path().equals(path));
        if (!there) {
            return Optional.empty();
        }
        try (ZipFile zip = new ZipFile(file.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(path))) {
            return Optional.of(in.readNBytes(maxBytes));
        }
    }

    /** Hands the file over: it stays when this is closed, and the caller moves or deletes it. */
    public Path take() {
        taken = true;
        return file;
    }

    @Override
    public void close() throws IOException {
        if (!taken) {
            Files.deleteIfExists(file);
        }
    }
}
