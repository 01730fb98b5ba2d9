package io.slipway.project.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the central directory of a zip says of one entry.
 *
 * @param host system on which it was packed
 * @param at where its local header begins
 */
@SuppressWarnings("ArrayRecordComponent") // Lives as long as one entry is looked at, and is never compared.
public record ZipEntryHeader(
        byte[] name,
        ByteBuffer extra,
        int flags,
        int host,
        int attributes,
        int method,
        long crc,
        long size,
        long compressedSize,
        long at) {

    // Of APPNOTE.TXT 4.4.4: encrypted, strongly encrypted, names in UTF-8, names hidden.
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
    private static final int UTF8 = 1 << 11;

    /** Host systems whose upper half of the external attributes is a Unix mode: Unix and, as some tools write, OS X. */
    private static final List<Integer> UNIX_HOSTS = List.of(3, 19);

    /** With the type; 0 when it was packed elsewhere. */
    int unixMode() {
        return UNIX_HOSTS.contains(host) ? attributes >>> 16 : 0;
    }

    boolean isEncrypted() {
        return (flags & ENCRYPTED) != 0;
    }

    boolean isUtf8() {
        return (flags & UTF8) != 0;
    }

    /** The extra field of this number, or {@code null}. */
    @Nullable
    ByteBuffer field(int number) {
        return field(extra, number);
    }

    static @Nullable ByteBuffer field(ByteBuffer extra, int number) {
        int at = 0;
        while (at + 4 <= extra.capacity()) {
            int length = ZipDirectory.unsigned(extra.getShort(at + 2));
            if (at + 4 + length > extra.capacity()) {
                return null;
            }
            if (ZipDirectory.unsigned(extra.getShort(at)) == number) {
                return extra.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + length;
        }
        return null;
    }
}
