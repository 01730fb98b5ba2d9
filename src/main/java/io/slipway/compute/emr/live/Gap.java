package io.slipway.compute.emr.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.InputStream;

/**
 * Stands for bytes that a driver has printed and not shown, so that those behind them keep their offsets: lines that say so, as long
 * together as the bytes are.
 */
final class Gap extends InputStream {

    static final String NOTICE = "[not shown while the job runs: it is here when EMR has shipped it]";

    private static final int LINE = 1024;
    private static final byte[] A_LINE =
            ("%-" + (LINE - 1) + "s\n").formatted(NOTICE).getBytes(US_ASCII);

    private long position;
    private final long end;

    /** @param position in the gap, from its beginning */
    Gap(long position, long length) {
        this.position = position;
        this.end = length;
    }

    @Override
    public int read() {
        if (position >= end) {
            return -1;
        }
        // Whatever follows begins a line of its own.
        int next = position == end - 1 ? '\n' : A_LINE[(int) (position % LINE)];
        position++;
        return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length > 0 && position >= end) {
            return -1;
        }
        int count = (int) Math.min(length, end - position);
        for (int i = 0; i < count; i++) {
            buffer[offset + i] = (byte) read();
        }
        return count;
    }
}
