package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.ArtifactId;
import io.slipway.project.InvalidProject;
import io.slipway.project.archive.StoredZip;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.ZipException;
import org.springframework.util.FileSystemUtils;

/**
 * A project's files in a new folder. Each start unpacks one of its own and the supervisor that takes the run moves it into place, so
 * that nothing half-made by a start that was interrupted is ever run.
 *
 * @param folder holds the files under {@code project}
 */
record UnpackedProject(Path folder) {

    private static final int LONGEST_TARGET = 4096;

    /** @throws IOException when the disk or the store failed, which may be over later */
    static UnpackedProject unpack(ArtifactStore store, ArtifactId projectId, RunFolder run)
            throws IOException, CannotRun {
        Path folder = Files.createTempDirectory(run.path(), "unpacked-");
        try {
            Path zip = folder.resolve("project.zip");
            fetch(store, projectId, zip);
            Path root = Files.createDirectory(folder.resolve("project")).toRealPath();
            extract(zip, root);
            Files.delete(zip);
            return new UnpackedProject(folder);
        } catch (ZipException | InvalidPathException | InvalidProject e) {
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

    private static void fetch(ArtifactStore store, ArtifactId projectId, Path zip) throws IOException, CannotRun {
        try (InputStream bytes = store.open(ArtifactName.project(projectId))) {
            Files.copy(bytes, zip);
        } catch (NoSuchFileException e) {
            throw new CannotRun("The project's files are no longer in the artifact store: submit it again.", e);
        }
    }

    private static void extract(Path zip, Path root) throws IOException {
        StoredZip.read(zip, entry -> {
            if (!entry.isLink()) {
                extract(entry, inside(root, root.resolve(entry.name()), entry));
            }
        });
        // Last, so that nothing is ever written through one.
        StoredZip.read(zip, entry -> {
            if (entry.isLink()) {
                link(entry, root);
            }
        });
    }

    private static void extract(StoredZip.Entry entry, Path file) throws IOException {
        if (entry.isFolder()) {
            Files.createDirectories(file);
        } else {
            Files.createDirectories(parent(file));
            entry.copyTo(file);
            if (entry.isExecutable()) {
                makeExecutable(file);
            }
        }
    }

    private static void link(StoredZip.Entry entry, Path root) throws IOException {
        Path file = inside(root, root.resolve(entry.name()), entry);
        Path target = Path.of(new String(entry.first(LONGEST_TARGET), StandardCharsets.UTF_8));
        inside(root, parent(file).resolve(target), entry);
        Files.createDirectories(parent(file));
        Files.createSymbolicLink(file, target);
    }

    /** The store holds checked projects only; this is the second lock on the same door. */
    private static Path inside(Path root, Path file, StoredZip.Entry entry) throws ZipException {
        Path normal = file.normalize();
        if (!normal.startsWith(root) || (normal.equals(root) && !entry.isFolder())) {
            throw new ZipException("it holds a path outside of it, " + entry.name());
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
