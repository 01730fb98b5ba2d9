package io.slipway.logs;

import java.io.IOException;
import java.io.InputStream;

/** A part of a log, of which a piece at a time is in memory. */
final class LogPart extends InputStream {

    private static final int PIECE = 64 * 1024;

    private final LogBytes log;
    private final long to;
    private long position;
    private byte[] piece = {};
    private int taken;

    LogPart(LogBytes log, long from, long to) {
        this.log = log;
        this.position = from;
        this.to = to;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (taken == piece.length) {
            piece = position < to ? log.read(position, (int) Math.min(PIECE, to - position)) : new byte[0];
            position += piece.length;
            taken = 0;
        }
        if (piece.length == 0) {
            return -1;
        }
        int count = Math.min(length, piece.length - taken);
        System.arraycopy(piece, taken, into, offset, count);
        taken += count;
        return count;
    }
}
