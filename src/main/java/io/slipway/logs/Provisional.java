package io.slipway.logs;

import java.io.IOException;
import java.util.zip.CRC32C;

/** What a reader was given of a log of which other bytes may come: where, how much, and its checksum. */
final class Provisional {

    private long start = -1;
    private long end = -1;
    private CRC32C sum = new CRC32C();

    /** Up to some bytes from a position on; none at the end. */
    interface Reader {
        byte[] read(long position) throws IOException;
    }

    boolean isAny() {
        return start >= 0;
    }

    void clear() {
        start = -1;
        sum = new CRC32C();
    }

    void add(long position, byte[] bytes) {
        if (!isAny() || position != end) {
            clear();
            start = position;
        }
        sum.update(bytes, 0, bytes.length);
        end = position + bytes.length;
    }

    boolean isIn(Reader log) throws IOException {
        CRC32C other = new CRC32C();
        for (long position = start; position < end; ) {
            byte[] bytes = log.read(position);
            if (bytes.length == 0) {
                return false;
            }
            int count = (int) Math.min(bytes.length, end - position);
            other.update(bytes, 0, count);
            position += count;
        }
        return other.getValue() == sum.getValue();
    }
}
