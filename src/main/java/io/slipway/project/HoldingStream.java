package io.slipway.project;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes whose number nobody knows beforehand: into memory up to a limit, and all of them into a file of the work folder when there
 * are more, as long as enough of its disk stays free. What was written can be read at any time.
 */
public final class HoldingStream extends OutputStream implements RandomBytes {

    /** What one request, or one file that is made of it, may keep in memory. */
    public static final int MOST = 256 << 10;

    private static final int FIRST = 8 << 10;

    private final WorkFolder folder;
    private final long mustStayFree;
    private final int most;
    private byte[] memory;
    private int size;
    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private @Nullable OutputStream out;

    /** @param mustStayFree bytes of the disk; {@link DiskFull} is thrown when less is free */
    public HoldingStream(WorkFolder folder, long mustStayFree) {
        this(folder, MOST, mustStayFree);
    }

    /** @param most bytes that may stay in memory */
    public HoldingStream(WorkFolder folder, int most, long mustStayFree) {
        this.folder = folder;
        this.most = most;
        this.mustStayFree = mustStayFree;
        this.memory = new byte[Math.min(most, FIRST)];
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (out == null && length > most - size) {
            spill();
        }
        if (out != null) {
            out.write(bytes, offset, length);
            return;
        }
        if (length > memory.length - size) {
            memory = Arrays.copyOf(memory, Math.min(most, Math.max(size + length, memory.length * 2)));
        }
        System.arraycopy(bytes, offset, memory, size, length);
        size += length;
    }

    private void spill() throws IOException {
        Path path = folder.newFile("held-", ".bytes");
        file = path;
        channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        OutputStream opened = new FreeDiskStream(Channels.newOutputStream(channel), folder.path(), mustStayFree);
        opened.write(memory, 0, size);
        out = opened;
        memory = new byte[0];
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        return channel == null ? RandomBytes.copy(memory, size, target, at) : channel.read(target, at);
    }

    @Override
    public long size() throws IOException {
        return channel == null ? size : channel.size();
    }

    /** All that was written. It is closed by this, and its bytes stay. */
    public HeldBytes held() throws IOException {
        close();
        return file == null ? HeldBytes.of(Arrays.copyOf(memory, size), folder) : HeldBytes.of(file);
    }

    /** How much of it is in memory. */
    public int inMemory() {
        return file == null ? size : 0;
    }

    /** Closes it and removes what was written. */
    public void discard() throws IOException {
        try {
            close();
        } finally {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
