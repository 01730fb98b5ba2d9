package io.slipway.artifacts.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a put writes before its rename. Its writer holds a lock on it, which the kernel gives back when the process dies however it
 * dies: a file whose lock is free is left over, no matter its age or which replica wrote it.
 */
final class UnfinishedFiles {

    /** An artifact's name never starts so. */
    static final String PREFIX = ".unfinished-";

    private static final Logger log = LoggerFactory.getLogger(UnfinishedFiles.class);

    private UnfinishedFiles() {}

    static void sweep(Path root) throws IOException {
        for (Path file : find(root)) {
            sweepOne(file);
        }
    }

    private static List<Path> find(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 2)) {
            return files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .toList();
        }
    }

    private static void sweepOne(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                @Nullable FileLock free = channel.tryLock()) {
            if (free != null) {
                Files.deleteIfExists(file);
                log.info("Removed {}, which a put that never ended has left.", file);
            }
        } catch (NoSuchFileException e) {
            log.debug("{} was finished meanwhile", file);
        } catch (OverlappingFileLockException e) {
            log.debug("{} is being written by this process", file);
        }
    }
}
