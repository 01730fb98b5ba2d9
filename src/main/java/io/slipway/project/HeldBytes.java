package io.slipway.project;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytes that came with a request, or were made of them: in memory while they are few, else in a file of a work folder. */
public final class HeldBytes {

    private final byte @Nullable [] memory;
    private final @Nullable WorkFolder folder;
    private @Nullable Path file;

    private HeldBytes(byte @Nullable [] memory, @Nullable WorkFolder folder, @Nullable Path file) {
        this.memory = memory;
        this.folder = folder;
        this.file = file;
    }

    /** Those of a file that nobody changes. */
    public static HeldBytes of(Path file) {
        return new HeldBytes(null, null, file);
    }

    /** @param folder takes them when somebody needs a file */
    public static HeldBytes of(byte[] bytes, WorkFolder folder) {
        return new HeldBytes(bytes, folder, null);
    }

    public long size() throws IOException {
        return memory == null ? Files.size(file()) : memory.length;
    }

    public boolean isEmpty() throws IOException {
        return size() == 0;
    }

    public InputStream open() throws IOException {
        return memory == null ? Files.newInputStream(file()) : new ByteArrayInputStream(memory);
    }

    /** The caller closes it. */
    public RandomBytes random() throws IOException {
        return memory == null ? RandomBytes.open(file()) : RandomBytes.of(memory);
    }

    /** Not to be changed; {@code null} when they are in a file alone. */
    public byte @Nullable [] inMemory() {
        return memory;
    }

    /** For libraries and programs that take nothing else; it is written now if it was not. */
    public synchronized Path file() throws IOException {
        Path written = file;
        if (written == null) {
            written = Objects.requireNonNull(folder).newFile("held-", ".bytes");
            Files.write(written, Objects.requireNonNull(memory));
            file = written;
        }
        return written;
    }

    /** Removes the file, if there is one. */
    public synchronized void delete() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
