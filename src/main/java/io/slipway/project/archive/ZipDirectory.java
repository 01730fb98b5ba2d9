package io.slipway.project.archive;

import io.slipway.project.RandomBytes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/**
 * The central directory of a zip, read entry by entry from its beginning to its end. Libraries keep an object for each entry, and an
 * upload of a few hundred megabytes can be nothing but entries. The numbers are those of APPNOTE.TXT 6.3, 4.3.12 to 4.3.16.
 *
 * @param start of the first entry in the file
 * @param size in bytes
 * @param entries as the end record counts them; -1 when its two bytes may have been too few
 * @param shift what stands in front of the zip, and is not in the offsets
 */
public record ZipDirectory(RandomBytes file, long start, long size, long entries, long shift) {

    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;

    private static final int ENTRY = 46;
    private static final int END = 22;
    private static final int END64 = 56;
    private static final int LOCATOR = 20;
    private static final int LONGEST_COMMENT = 0xFFFF;

    /** Zeros behind the zip, with which macOS's and FreeBSD's tar --format zip fill a last block. */
    private static final int LONGEST_PADDING = 1 << 16;

    private static final int TWO_BYTES = 0xFFFF;
    private static final long FOUR_BYTES = 0xFFFF_FFFFL;

    private static final int ZIP64_FIELD = 0x0001;

    /** Is shown each entry. */
    public interface Visitor {
        void visit(ZipEntryHeader entry) throws IOException;
    }

    /** @throws ZipException when there is no sound end record */
    public static ZipDirectory of(RandomBytes file) throws IOException {
        long length = file.size();
        int tail = (int) Math.min(length, END + LONGEST_COMMENT + LONGEST_PADDING);
        ByteBuffer bytes = read(file, length - tail, tail);
        int used = withoutZeros(bytes, tail);
        for (int at = tail - END; at >= 0; at--) {
            if (bytes.getInt(at) == END_SIGNATURE && isEnd(at + END + unsigned(bytes.getShort(at + 20)), used, tail)) {
                return of(file, bytes.position(at).slice().order(ByteOrder.LITTLE_ENDIAN), length - tail + at);
            }
        }
        throw new ZipException("no end record");
    }

    /** The comment reaches to the end of the file or to its padding, so that a signature within one is not taken for the record. */
    private static boolean isEnd(int end, int used, int tail) {
        return end >= used && end <= tail;
    }

    private static int withoutZeros(ByteBuffer bytes, int tail) {
        int used = tail;
        while (used > 0 && bytes.get(used - 1) == 0) {
            used--;
        }
        return used;
    }

    private static ZipDirectory of(RandomBytes file, ByteBuffer end, long endAt) throws IOException {
        long entries = unsigned(end.getShort(10));
        long size = unsigned(end.getInt(12));
        long offset = unsigned(end.getInt(16));
        boolean counts64 = entries == TWO_BYTES || size == FOUR_BYTES || offset == FOUR_BYTES;
        long end64At = counts64 ? end64(file, endAt) : -1;
        if (end64At < 0) {
            requireOneDisk(unsigned(end.getShort(4)));
            return of(file, endAt, entries, size, offset);
        }
        ByteBuffer end64 = read(file, end64At, END64);
        requireOneDisk(unsigned(end64.getInt(16)));
        return of(file, end64At, end64.getLong(32), end64.getLong(40), end64.getLong(48));
    }

    private static ZipDirectory of(RandomBytes file, long endAt, long entries, long size, long offset)
            throws IOException {
        if (size < 0 || offset < 0 || size > endAt || offset > endAt - size) {
            throw new ZipException("the end record names offsets outside of the file");
        }
        boolean together = size == 0 || read(file, endAt - size, Integer.BYTES).getInt(0) == ENTRY_SIGNATURE;
        long start = together ? endAt - size : offset;
        return new ZipDirectory(file, start, size, entries, start - offset);
    }

    private static long end64(RandomBytes file, long endAt) throws IOException {
        if (endAt < LOCATOR + END64) {
            return -1;
        }
        ByteBuffer locator = read(file, endAt - LOCATOR, LOCATOR);
        if (locator.getInt(0) != LOCATOR_SIGNATURE) {
            return -1;
        }
        long named = locator.getLong(8);
        boolean there = named >= 0
                && named <= endAt - LOCATOR - END64
                && read(file, named, Integer.BYTES).getInt(0) == END64_SIGNATURE;
        long at = there ? named : endAt - LOCATOR - END64;
        if (read(file, at, Integer.BYTES).getInt(0) != END64_SIGNATURE) {
            throw new ZipException("no zip64 end record");
        }
        return at;
    }

    private static void requireOneDisk(long disk) throws IOException {
        if (disk != 0) {
            throw new ZipException("one part of several");
        }
    }

    /** @throws ZipException when the directory is not what its end record says */
    public void forEach(Visitor visitor) throws IOException {
        long seen = 0;
        long left = size;
        try (InputStream in = new BufferedInputStream(new BytesSlice(file, start, size), 1 << 16)) {
            while (left > 0) {
                ByteBuffer header = next(in, ENTRY);
                if (header.getInt(0) != ENTRY_SIGNATURE) {
                    throw new ZipException("an entry of the table of contents has no signature");
                }
                byte[] name = next(in, unsigned(header.getShort(28))).array();
                ByteBuffer extra = next(in, unsigned(header.getShort(30)));
                int comment = unsigned(header.getShort(32));
                in.skipNBytes(comment);
                left -= ENTRY + name.length + extra.capacity() + comment;
                seen++;
                visitor.visit(entry(header, name, extra));
            }
        }
        // Tools without zip64 count in two bytes, whatever there is.
        if (seen != entries && (entries > TWO_BYTES || (seen & TWO_BYTES) != entries)) {
            throw new ZipException("the table of contents has " + seen + " entries and not " + entries);
        }
    }

    private ZipEntryHeader entry(ByteBuffer header, byte[] name, ByteBuffer extra) throws IOException {
        long size = unsigned(header.getInt(24));
        long compressed = unsigned(header.getInt(20));
        long offset = unsigned(header.getInt(42));
        if (size == FOUR_BYTES || compressed == FOUR_BYTES || offset == FOUR_BYTES) {
            ByteBuffer large = ZipEntryHeader.field(extra, ZIP64_FIELD);
            // They stand in this order, and only those that are needed.
            size = size == FOUR_BYTES && large != null ? next(large) : size;
            compressed = compressed == FOUR_BYTES && large != null ? next(large) : compressed;
            offset = offset == FOUR_BYTES && large != null ? next(large) : offset;
        }
        if (size < 0 || compressed < 0 || offset < 0) {
            throw new ZipException("an entry has a size below zero");
        }
        return new ZipEntryHeader(
                name,
                extra,
                unsigned(header.getShort(8)),
                unsigned(header.getShort(4)) >> 8,
                header.getInt(38),
                unsigned(header.getShort(10)),
                unsigned(header.getInt(16)),
                size,
                compressed,
                offset + shift);
    }

    private static long next(ByteBuffer large) throws IOException {
        if (large.remaining() < Long.BYTES) {
            throw new ZipException("an entry has no zip64 size");
        }
        return large.getLong();
    }

    private static ByteBuffer next(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new ZipException("the table of contents ends early");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer read(RandomBytes file, long at, int length) throws IOException {
        return next(new BytesSlice(file, at, length), length);
    }

    static int unsigned(short value) {
        return value & TWO_BYTES;
    }

    static long unsigned(int value) {
        return value & FOUR_BYTES;
    }
}
