package io.slipway.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of one piece of work. It is made for the first file that is put into it: most requests are small and need none. */
public final class WorkFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WorkFolder.class);

    private final Path parent;
    private final boolean isOwn;
    private @Nullable Path path;

    private WorkFolder(Path parent, boolean isOwn) {
        this.parent = parent;
        this.isOwn = isOwn;
    }

    /** One that goes, with all that is in it, when this is closed. */
    public static WorkFolder in(Path parent) {
        return new WorkFolder(parent, true);
    }

    /** One that somebody else has made and removes. */
    public static WorkFolder of(Path path) {
        WorkFolder folder = new WorkFolder(path, false);
        folder.path = path;
        return folder;
    }

    /** The folder exists when this returns. */
    public synchronized Path path() throws IOException {
        Path made = path;
        if (made == null) {
            made = Files.createTempDirectory(parent, "work-");
            path = made;
        }
        return made;
    }

    public Path newFile(String prefix, String suffix) throws IOException {
        return Files.createTempFile(path(), prefix, suffix);
    }

    @Override
    public synchronized void close() {
        Path made = path;
        if (!isOwn || made == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(made)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException failure) {
            log.warn("{} could not be removed; the next start does it: {}", made, failure.toString());
        }
    }
}
