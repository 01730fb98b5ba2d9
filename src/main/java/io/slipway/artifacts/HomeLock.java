package io.slipway.artifacts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds {@code slipway.home} for one process. The kernel gives the lock back however the process ends, so that the file alone says
 * nothing.
 */
final class HomeLock implements AutoCloseable {

    /** The system would give a lock back as soon as this process closed the file a second time. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private HomeLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws IllegalStateException with a sentence for people when the folder cannot be written or another process has it */
    static HomeLock take(Path home) {
        try {
            OwnerOnly.createFolders(home);
            return take(home, home.toRealPath().resolve("slipway.lock"));
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "slipway.home is " + home + ", which cannot be written (" + words(failure)
                            + "). Choose another folder, or make this one writable for the service's user.",
                    failure);
        }
    }

    private static HomeLock take(Path home, Path file) throws IOException {
        if (!HELD.add(file)) {
            throw inUse(home, "this very process");
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.file(file));
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(home, "process " + Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(java.nio.ByteBuffer.wrap(
                    Long.toString(ProcessHandle.current().pid()).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            taken = true;
            return new HomeLock(file, channel);
        } finally {
            if (!taken) {
                HELD.remove(file);
                close(channel);
            }
        }
    }

    private static IllegalStateException inUse(Path home, String by) {
        return new IllegalStateException("slipway.home is " + home + ", which another Slipway uses (" + by
                + "). Stop that one, or choose another folder for this one.");
    }

    private static String words(IOException failure) {
        String reason = failure instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : failure.getClass().getSimpleName();
        return failure.getMessage() == null ? reason : failure.getMessage() + ": " + reason;
    }

    private static void close(@Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        HELD.remove(file);
        channel.close();
    }
}
