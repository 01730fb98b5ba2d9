package io.slipway.project.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an upload as they are handed to a decompressor: buffered without locks, counted, and with the right to look ahead.
 * Decompressors swallow headers and empty parts of any length without a word, so it ends what goes on for too long.
 */
final class CompressedBytes extends InputStream {

    private static final int BUFFER = 1 << 14;

    /** So many compressed bytes may pass before anything comes out: a header's name and comment have no length of their own. */
    private static final long MOST_FOR_NOTHING = 1 << 20;

    private final InputStream file;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private long count;
    private long most = MOST_FOR_NOTHING;

    CompressedBytes(InputStream file) {
        this.file = file;
    }

    /** Something came out, so that the same number of bytes may pass again. */
    void nextStep() {
        most = count + MOST_FOR_NOTHING;
    }

    /** Bytes of the file that were taken so far. */
    long count() {
        return count;
    }

    byte[] buffer() {
        return buffer;
    }

    int position() {
        return position;
    }

    /** Takes what is in the buffer; {@link #unread} gives some of it back. Zero at the end of the file. */
    int takeAll() throws IOException {
        if (!fill()) {
            return 0;
        }
        int length = limit - position;
        position = limit;
        return length;
    }

    void unread(int bytes) {
        position -= bytes;
    }

    /** The next byte, which stays; -1 at the end. */
    int peek() throws IOException {
        return fill() ? buffer[position] & 0xFF : -1;
    }

    /** Passes over the zeros that some tools fill a last block with; whether there is anything behind them. */
    boolean hasMore() throws IOException {
        nextStep();
        while (fill()) {
            if (buffer[position] != 0) {
                return true;
            }
            position++;
            nextStep();
        }
        return false;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int read = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, read);
        position += read;
        return read;
    }

    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        int read = file.read(buffer, 0, BUFFER);
        position = 0;
        limit = Math.max(read, 0);
        count += limit;
        if (count > most) {
            throw new IOException("compressed bytes without end that become nothing");
        }
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
