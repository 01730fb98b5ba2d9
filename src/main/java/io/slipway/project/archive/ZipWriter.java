package io.slipway.project.archive;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a zip of contents that are compressed already, and keeps nothing of what it wrote: the caller lists the entries again at the
 * end. Libraries keep an object for each entry. The numbers are those of APPNOTE.TXT 6.3, 4.3.7 to 4.3.16.
 */
final class ZipWriter implements Closeable {

    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;

    private static final int VERSION = 20;
    private static final int VERSION_64 = 45;
    private static final int UNIX = 3 << 8;
    private static final int UTF8_NAMES = 1 << 11;

    /** Zip has no time zone. A month after its first day, which some tools take for "no time" or shift into 1979. */
    private static final int DATE = 2 << 5 | 1;

    private static final int FOLDER_ATTRIBUTE = 0x10;

    private static final int TWO_BYTES = 0xFFFF;
    private static final long FOUR_BYTES = 0xFFFF_FFFFL;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];
    private long position;
    private long directory = -1;
    private long entries;

    ZipWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    /** @return the same content where it is now */
    Content add(String name, Content content, InputStream compressed) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = header(30).putInt(LOCAL_SIGNATURE);
        common(header, content, bytes.length, needs64(content) ? 20 : 0);
        write(header);
        write(bytes);
        if (needs64(content)) {
            write(header(20)
                    .putShort((short) 1)
                    .putShort((short) 16)
                    .putLong(content.size())
                    .putLong(content.compressedSize()));
        }
        long data = position;
        copy(compressed);
        if (position - data != content.compressedSize()) {
            throw new IOException("a content that was read before is shorter now");
        }
        return content.movedTo(Content.Source.PROJECT, data);
    }

    /** @param content as {@link #add} returned it */
    void list(String name, int mode, Content content) throws IOException {
        if (directory < 0) {
            directory = position;
        }
        entries++;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        long at = content.at() - bytes.length - 30 - (needs64(content) ? 20 : 0);
        ByteBuffer extra = extra(content, at);
        ContentMark.write(content, extra);
        ByteBuffer header = header(46).putInt(ENTRY_SIGNATURE).putShort((short) (UNIX | VERSION_64));
        common(header, content, bytes.length, extra.position());
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        header.putInt(mode << 16 | (name.endsWith("/") ? FOLDER_ATTRIBUTE : 0)).putInt(atMost(at));
        write(header);
        write(bytes);
        write(extra);
    }

    void end(String comment) throws IOException {
        long start = directory < 0 ? position : directory;
        long end = position;
        if (entries >= TWO_BYTES || start >= FOUR_BYTES || end - start >= FOUR_BYTES) {
            write(header(56)
                    .putInt(END64_SIGNATURE)
                    .putLong(44)
                    .putShort((short) (UNIX | VERSION_64))
                    .putShort((short) VERSION_64)
                    .putLong(0)
                    .putLong(entries)
                    .putLong(entries)
                    .putLong(end - start)
                    .putLong(start));
            write(header(20).putInt(LOCATOR_SIGNATURE).putInt(0).putLong(end).putInt(1));
        }
        byte[] bytes = comment.getBytes(StandardCharsets.US_ASCII);
        short count = (short) Math.min(entries, TWO_BYTES);
        write(header(22)
                .putInt(END_SIGNATURE)
                .putInt(0)
                .putShort(count)
                .putShort(count)
                .putInt(atMost(end - start))
                .putInt(atMost(start))
                .putShort((short) bytes.length));
        write(bytes);
    }

    /** What stands in both headers in the same order: version needed, flags, method, time, date, crc, sizes, lengths. */
    private static void common(ByteBuffer header, Content content, int name, int extra) {
        header.putShort((short) (needs64(content) ? VERSION_64 : VERSION))
                .putShort((short) UTF8_NAMES)
                .putShort((short) content.method())
                .putShort((short) 0)
                .putShort((short) DATE)
                .putInt((int) content.crc())
                .putInt(needs64(content) ? -1 : (int) content.compressedSize())
                .putInt(needs64(content) ? -1 : (int) content.size())
                .putShort((short) name)
                .putShort((short) extra);
    }

    /** Of the central directory, with what does not fit into the header. */
    private static ByteBuffer extra(Content content, long at) {
        ByteBuffer extra = header(28 + ContentMark.LENGTH);
        int length = (needs64(content) ? 16 : 0) + (at >= FOUR_BYTES ? 8 : 0);
        if (length > 0) {
            extra.putShort((short) 1).putShort((short) length);
        }
        if (needs64(content)) {
            extra.putLong(content.size()).putLong(content.compressedSize());
        }
        if (at >= FOUR_BYTES) {
            extra.putLong(at);
        }
        return extra;
    }

    private static boolean needs64(Content content) {
        return content.size() >= FOUR_BYTES || content.compressedSize() >= FOUR_BYTES;
    }

    private static int atMost(long value) {
        return (int) Math.min(value, FOUR_BYTES);
    }

    private static ByteBuffer header(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void write(ByteBuffer filled) throws IOException {
        out.write(filled.array(), 0, filled.position());
        position += filled.position();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    private void copy(InputStream content) throws IOException {
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            out.write(buffer, 0, read);
            position += read;
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
