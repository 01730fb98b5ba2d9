package io.slipway.project;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes that are read at any place. There is no position: readers of different places do not disturb each other. */
public interface RandomBytes extends Closeable {

    /**
     * @param at of the first byte that is wanted
     * @return how many came, which may be fewer than there is room for; -1 at the end and behind it
     */
    int read(ByteBuffer target, long at) throws IOException;

    long size() throws IOException;

    @Override
    default void close() throws IOException {
        // Memory needs no end.
    }

    static RandomBytes open(Path file) throws IOException {
        return of(FileChannel.open(file));
    }

    /** Closes the channel when it is closed. */
    static RandomBytes of(FileChannel channel) {
        return new RandomBytes() {
            @Override
            public int read(ByteBuffer target, long at) throws IOException {
                return channel.read(target, at);
            }

            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    static RandomBytes of(byte[] bytes) {
        return new RandomBytes() {
            @Override
            public int read(ByteBuffer target, long at) {
                return copy(bytes, bytes.length, target, at);
            }

            @Override
            public long size() {
                return bytes.length;
            }
        };
    }

    /** As {@link #read}, of the first {@code size} bytes of an array. */
    static int copy(byte[] bytes, int size, ByteBuffer target, long at) {
        if (at >= size) {
            return target.hasRemaining() ? -1 : 0;
        }
        int length = (int) Math.min(target.remaining(), size - at);
        target.put(bytes, (int) at, length);
        return length;
    }
}
