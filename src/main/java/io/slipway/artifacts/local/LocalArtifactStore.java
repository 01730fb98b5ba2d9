package io.slipway.artifacts.local;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.OwnerOnly;
import io.slipway.project.ArtifactId;
import io.slipway.project.DiskFull;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;

/**
 * Artifacts as files below one folder. A name appears by an atomic rename of bytes that are already on the disk, so that neither
 * {@code kill -9} nor power loss leaves a part of them under it.
 */
class LocalArtifactStore implements ArtifactStore {

    private static final long BETWEEN_LOOKS = 16L << 20;

    /** What the database beside the files needs to go on. */
    private static final long MUST_STAY_FREE = 128L << 20;

    private final Path root;

    /** Makes the folder, and removes what puts of processes that died have left in it. */
    LocalArtifactStore(Path root) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        DurableFolders.create(this.root);
        UnfinishedFiles.sweep(this.root);
    }

    @Override
    public void put(ArtifactName name, Path file) throws IOException {
        long size = Files.size(file);
        put(name, size, unfinished -> linkOrCopy(file, size, unfinished));
    }

    @Override
    public void put(ArtifactName name, byte[] content) throws IOException {
        put(name, content.length, unfinished -> write(content, unfinished));
    }

    @Override
    public boolean exists(ArtifactName name) {
        return Files.isRegularFile(file(name));
    }

    @Override
    public InputStream open(ArtifactName name) throws IOException {
        return Files.newInputStream(file(name));
    }

    @Override
    public void delete(ArtifactName name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    @Override
    public void deletePieces(ArtifactId projectId) throws IOException {
        Path prefix = root.resolve(ArtifactName.pieces(projectId));
        Path folder = prefix.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> pieces = Files.newDirectoryStream(folder, prefix.getFileName() + "*")) {
            for (Path piece : pieces) {
                Files.deleteIfExists(piece);
            }
        }
    }

    @Override
    public URI uri(ArtifactName name) {
        return file(name).toUri();
    }

    private void put(ArtifactName name, long size, Content content) throws IOException {
        Path file = file(name);
        Path folder = file.resolveSibling("");
        DurableFolders.create(folder);
        if (!holds(file, size)) {
            store(file, folder, content);
        }
        // Also when somebody else has just renamed it: this caller may not say "stored" before the name itself is on
        // the disk.
        DurableFolders.force(folder);
        DurableFolders.force(root);
    }

    private static void store(Path file, Path folder, Content content) throws IOException {
        Path unfinished = folder.resolve(UnfinishedFiles.PREFIX + UUID.randomUUID());
        try (FileChannel channel = content.writeTo(unfinished)) {
            channel.force(true);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static FileChannel create(Path unfinished) throws IOException {
        return locked(FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                OwnerOnly.file(unfinished.resolveSibling(""))));
    }

    /** Until after the rename: it tells the sweep of another process that this file is not left over. */
    private static FileChannel locked(FileChannel unfinished) throws IOException {
        try {
            unfinished.lock();
            return unfinished;
        } catch (IOException | RuntimeException failure) {
            unfinished.close();
            throw failure;
        }
    }

    /** The same name means the same bytes, so that the size is enough to find a file that was damaged behind our back. */
    private static boolean holds(Path file, long size) throws IOException {
        try {
            return Files.size(file) == size;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Uploads lie on the same disk: another name for the same bytes costs nothing, however many they are. */
    private FileChannel linkOrCopy(Path source, long size, Path unfinished) throws IOException {
        try {
            Files.createLink(unfinished, source);
            return locked(FileChannel.open(unfinished, StandardOpenOption.WRITE));
        } catch (FileSystemException | UnsupportedOperationException | OverlappingFileLockException elsewhere) {
            // Another disk, or the same file is being put under another name.
            Files.deleteIfExists(unfinished);
            return copy(source, size, unfinished);
        }
    }

    private FileChannel copy(Path file, long size, Path unfinished) throws IOException {
        FileChannel target = create(unfinished);
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
            copy(source, size, target);
            return target;
        } catch (IOException | RuntimeException failure) {
            target.close();
            throw failure;
        }
    }

    private void copy(FileChannel source, long size, FileChannel target) throws IOException {
        long done = 0;
        while (done < size) {
            long moved = source.transferTo(done, Math.min(size - done, BETWEEN_LOOKS), target);
            if (moved <= 0) {
                throw new IOException("The file became shorter while it was being stored.");
            }
            done += moved;
            if (done < size && Files.getFileStore(root).getUsableSpace() < MUST_STAY_FREE) {
                throw new DiskFull();
            }
        }
    }

    private static FileChannel write(byte[] content, Path unfinished) throws IOException {
        FileChannel target = create(unfinished);
        try {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                target.write(rest);
            }
            return target;
        } catch (IOException | RuntimeException failure) {
            target.close();
            throw failure;
        }
    }

    private Path file(ArtifactName name) {
        return root.resolve(name.path());
    }

    private interface Content {
        /** Makes the file; the caller closes it. */
        FileChannel writeTo(Path unfinished) throws IOException;
    }
}
