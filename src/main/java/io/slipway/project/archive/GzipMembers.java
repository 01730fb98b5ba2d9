package io.slipway.project.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A gzip of one member or many, as RFC 1952 has it, and with the zeros at its end that macOS's and FreeBSD's tar write. Java's own
 * stream takes those for the beginning of a member; the one of commons-compress keeps a header's texts in memory.
 */
final class GzipMembers extends InputStream {

    private static final int MAGIC = 0x1f8b;
    private static final int DEFLATE = 8;

    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final CompressedBytes in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private boolean ended;

    GzipMembers(CompressedBytes in) throws IOException {
        this.in = in;
        try {
            header();
        } catch (IOException e) {
            inflater.end();
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (!ended) {
            int read = inflate(target, offset, length);
            if (read > 0) {
                crc.update(target, offset, read);
                return read;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("gzip has no dictionaries");
            } else if (inflater.needsInput()) {
                feed();
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException("wrong deflated data");
        }
    }

    private void feed() throws IOException {
        int length = in.takeAll();
        if (length == 0) {
            throw new EOFException("the gzip ends early");
        }
        inflater.setInput(in.buffer(), in.position() - length, length);
    }

    private void endMember() throws IOException {
        in.unread(inflater.getRemaining());
        if (number(4) != crc.getValue() || number(4) != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw new ZipException("wrong checksum or size");
        }
        ended = !in.hasMore();
        if (!ended) {
            header();
            inflater.reset();
            crc.reset();
        }
    }

    private void header() throws IOException {
        if ((next() << 8 | next()) != MAGIC || next() != DEFLATE) {
            throw new ZipException("no gzip header");
        }
        int flags = next();
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip((int) number(2));
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(2);
        }
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        while (next() != 0) {
            // until its end
        }
    }

    private long number(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (long) next() << 8 * i;
        }
        return number;
    }

    private int next() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the gzip ends early");
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
