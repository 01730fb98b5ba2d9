package io.slipway.project;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * Keeps a zip's table of contents from filling the memory: the library holds one object for each entry before anyone can count them,
 * and an upload of a few hundred megabytes can be nothing but entries. Until {@link #opened} the reads are counted.
 */
final class BoundedDirectoryChannel implements SeekableByteChannel {

    /** Signature, header, name, extra field, comment. */
    private static final long READS_FOR_AN_ENTRY = 5;

    /** Generous: a name of usual length with time stamps takes 150. */
    private static final long BYTES_FOR_AN_ENTRY = 400;

    /** Looking for the end record backwards takes a read for each byte of the longest comment, twice. */
    private static final long READS_FOR_THE_END = 2L << 16;

    private final SeekableByteChannel channel;
    private final ReadBudget budget;
    private long readsLeft;
    private long bytesLeft;
    private boolean opened;

    BoundedDirectoryChannel(SeekableByteChannel channel, ReadBudget budget) {
        this.channel = channel;
        this.budget = budget;
        readsLeft = READS_FOR_AN_ENTRY * budget.maxEntries() + READS_FOR_THE_END;
        bytesLeft = BYTES_FOR_AN_ENTRY * budget.maxEntries() + 4 * READS_FOR_THE_END;
    }

    void opened() {
        opened = true;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = channel.read(target);
        if (!opened) {
            readsLeft--;
            bytesLeft -= read;
            if (readsLeft < 0 || bytesLeft < 0) {
                throw budget.tooManyEntries();
            }
        }
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        channel.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        channel.truncate(size);
        return this;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
