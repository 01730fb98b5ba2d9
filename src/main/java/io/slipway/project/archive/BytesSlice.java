package io.slipway.project.archive;

import io.slipway.project.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Some of the bytes; when they end early, so does the stream. */
final class BytesSlice extends InputStream {

    private final RandomBytes bytes;
    private long position;
    private long left;

    BytesSlice(RandomBytes bytes, long start, long size) {
        this.bytes = bytes;
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
        int read = bytes.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, left)), position);
        position += Math.max(read, 0);
        left -= Math.max(read, 0);
        return read;
    }
}
