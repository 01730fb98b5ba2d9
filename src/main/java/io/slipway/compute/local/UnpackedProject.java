package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.springframework.util.FileSystemUtils;

/**
 * A project's files in a new folder. Each start unpacks one of its own and the supervisor that takes the run moves it into place, so
 * that nothing half-made by a start that was interrupted is ever run.
 *
 * @param folder holds the files under {@code project}
 */
record UnpackedProject(Path folder) {

    /** @throws IOException when the disk or the store failed, which may be over later */
    static UnpackedProject unpack(ArtifactStore store, String projectId, RunFolder run) throws IOException, CannotRun {
        Path folder = Files.createTempDirectory(run.path(), "unpacked-");
        try {
            Path zip = folder.resolve("project.zip");
            fetch(store, projectId, zip);
            Path root = Files.createDirectory(folder.resolve("project")).toRealPath();
            extract(zip, root);
            Files.delete(zip);
            return new UnpackedProject(folder);
        } catch (ZipException | InvalidPathException e) {
            FileSystemUtils.deleteRecursively(folder);
            throw new CannotRun("The project cannot be unpacked on this machine: " + e.getMessage() + ".", e);
        } catch (IOException | CannotRun | RuntimeException e) {
            FileSystemUtils.deleteRecursively(folder);
            throw e;
        }
    }

    /** As the supervisor knows it, whose working folder is the run's. */
    String name() {
        return folder.getFileName().toString();
    }

    /** When certainly no supervisor has it. */
    void delete() throws IOException {
        FileSystemUtils.deleteRecursively(folder);
    }

    private static void fetch(ArtifactStore store, String projectId, Path zip) throws IOException, CannotRun {
        try (InputStream bytes = store.open(ArtifactName.project(projectId))) {
            Files.copy(bytes, zip);
        } catch (NoSuchFileException e) {
            throw new CannotRun("The project's files are no longer in the artifact store: submit it again.", e);
        }
    }

    private static void extract(Path zip, Path root) throws IOException {
        try (ZipFile archive = ZipFile.builder().setPath(zip).get()) {
            List<ZipArchiveEntry> entries = Collections.list(archive.getEntriesInPhysicalOrder());
            for (ZipArchiveEntry entry : entries) {
                if (!entry.isUnixSymlink()) {
                    extract(archive, entry, inside(root, root.resolve(entry.getName()), entry));
                }
            }
            // Last, so that nothing is ever written through one.
            for (ZipArchiveEntry entry : entries) {
                if (entry.isUnixSymlink()) {
                    link(archive, entry, root);
                }
            }
        }
    }

    private static void extract(ZipFile archive, ZipArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
        } else {
            Files.createDirectories(parent(file));
            try (InputStream bytes = archive.getInputStream(entry)) {
                Files.copy(bytes, file);
            }
            if ((entry.getUnixMode() & 0111) != 0) {
                makeExecutable(file);
            }
        }
    }

    private static void link(ZipFile archive, ZipArchiveEntry entry, Path root) throws IOException {
        Path file = inside(root, root.resolve(entry.getName()), entry);
        Path target = Path.of(archive.getUnixSymlink(entry));
        inside(root, parent(file).resolve(target), entry);
        Files.createDirectories(parent(file));
        Files.createSymbolicLink(file, target);
    }

    /** The store holds checked projects only; this is the second lock on the same door. */
    private static Path inside(Path root, Path file, ZipArchiveEntry entry) throws ZipException {
        Path normal = file.normalize();
        if (!normal.startsWith(root) || (normal.equals(root) && !entry.isDirectory())) {
            throw new ZipException("it holds a path outside of it, " + entry.getName());
        }
        return normal;
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalStateException("a file of a project lies in a folder: " + file);
        }
        return parent;
    }

    private static void makeExecutable(Path file) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        permissions.add(PosixFilePermission.OWNER_EXECUTE);
        Files.setPosixFilePermissions(file, permissions);
    }
}
