package io.slipway.project.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Some of a file's bytes. The file's own position is neither used nor moved; a file that ends early ends the stream early. */
final class ChannelSlice extends InputStream {

    private final FileChannel channel;
    private long position;
    private long left;

    ChannelSlice(FileChannel channel, long start, long size) {
        this.channel = channel;
        position = start;
        left = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int read = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, left)), position);
        position += Math.max(read, 0);
        left -= Math.max(read, 0);
        return read;
    }
}
