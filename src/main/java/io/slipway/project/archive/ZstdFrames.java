package io.slipway.project.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a zstd file up to the end of its last frame, without the zeros that some tools fill the last block with. Reads only the
 * lengths in it (RFC 8878, 3.1.1): what the frames hold is for the library, which would take those zeros for a broken frame.
 */
final class ZstdFrames extends InputStream {

    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;

    private static final int RLE = 1;
    private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};
    private static final int[] SIZE_BYTES = {0, 2, 4, 8};

    private final CompressedBytes in;
    private final byte[] head = new byte[32];
    private int headAt;
    private int headEnd;
    private long body;
    private boolean inFrame;
    private boolean lastBlock;
    private boolean checksum;

    ZstdFrames(CompressedBytes in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (headAt == headEnd && body == 0) {
            if (!next()) {
                return -1;
            }
        }
        if (headAt < headEnd) {
            int read = Math.min(length, headEnd - headAt);
            System.arraycopy(head, headAt, target, offset, read);
            headAt += read;
            return read;
        }
        int read = in.read(target, offset, (int) Math.min(length, body));
        if (read < 0) {
            throw early();
        }
        body -= read;
        return read;
    }

    /** Reads one more header of a frame or block; false at the end of the file. */
    private boolean next() throws IOException {
        headAt = 0;
        headEnd = 0;
        if (inFrame && lastBlock) {
            inFrame = false;
            body = checksum ? 4 : 0;
        } else if (inFrame) {
            block();
        } else if (in.hasMore()) {
            frame();
        } else {
            return false;
        }
        return true;
    }

    private void frame() throws IOException {
        int magic = (int) take(4);
        if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
            body = take(4);
            return;
        }
        if (magic != MAGIC) {
            throw new IOException("no zstd frame");
        }
        int descriptor = (int) take(1);
        boolean oneSegment = (descriptor & 0x20) != 0;
        int size = SIZE_BYTES[descriptor >> 6];
        take((oneSegment ? 0 : 1) + DICTIONARY_BYTES[descriptor & 3] + (size == 0 && oneSegment ? 1 : size));
        checksum = (descriptor & 4) != 0;
        lastBlock = false;
        inFrame = true;
    }

    private void block() throws IOException {
        int header = (int) take(3);
        lastBlock = (header & 1) != 0;
        body = (header >> 1 & 3) == RLE ? 1 : header >> 3;
    }

    /** Little-endian; more than eight bytes only to be passed on. */
    private long take(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            int next = in.read();
            if (next < 0) {
                throw early();
            }
            head[headEnd++] = (byte) next;
            number |= (long) next << 8 * (i & 7);
        }
        return number;
    }

    private static EOFException early() {
        return new EOFException("the zstd file ends early");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
