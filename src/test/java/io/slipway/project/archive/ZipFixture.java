package io.slipway.project.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes zips byte by byte, because the interesting ones are those that no tool would write: every field of an entry can be set to
 * anything, in the local header and the central directory apart.
 */
public final class ZipFixture {

    public static final class Entry {
        byte[] name;
        byte[] localName;
        byte[] content;
        byte[] compressed;
        byte[] extra = {};
        int method = 8;
        int flags = 0x800;
        int host = 3;
        int mode = 0100644;
        int time = 0x6000;
        long crc;
        long size;

        Entry mode(int mode) {
            this.mode = mode;
            return this;
        }

        Entry host(int host) {
            this.host = host;
            return this;
        }

        Entry flags(int flags) {
            this.flags = flags;
            return this;
        }

        Entry method(int method) {
            this.method = method;
            return this;
        }

        Entry time(int time) {
            this.time = time;
            return this;
        }

        Entry crc(long crc) {
            this.crc = crc;
            return this;
        }

        public Entry size(long size) {
            this.size = size;
            return this;
        }

        Entry extra(byte[] extra) {
            this.extra = extra;
            return this;
        }

        Entry localName(String name) {
            localName = name.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        public Entry compressed(byte[] compressed) {
            this.compressed = compressed;
            return this;
        }

        Entry level(int level) {
            return compressed(deflate(content, level));
        }

        Entry stored() {
            method = 0;
            return compressed(content);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private String comment = "";

    public static ZipFixture zip() {
        return new ZipFixture();
    }

    public ZipFixture with(Entry entry) {
        entries.add(entry);
        return this;
    }

    public ZipFixture file(String name, String content) {
        return with(packed(name, content));
    }

    ZipFixture folder(String name) {
        return with(packed(name, "").stored().mode(040755));
    }

    ZipFixture comment(String comment) {
        this.comment = comment;
        return this;
    }

    public static Entry packed(String name, String content) {
        return packed(name.getBytes(StandardCharsets.UTF_8), content.getBytes(StandardCharsets.UTF_8));
    }

    public static Entry packed(String name, Charset charset, String content) {
        return packed(name.getBytes(charset), content.getBytes(StandardCharsets.UTF_8))
                .flags(0);
    }

    public static Entry packed(byte[] name, byte[] content) {
        Entry entry = new Entry();
        entry.name = name;
        entry.localName = name;
        entry.content = content;
        entry.compressed = deflate(content, 6);
        entry.crc = crc(content);
        entry.size = content.length;
        return entry;
    }

    static byte[] deflate(byte[] content, int level) {
        Deflater deflater = new Deflater(level, true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }

    Path in(Path folder) {
        try {
            return Files.write(Files.createTempFile(folder, "upload-", ".bin"), bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            int offset = out.size();
            number(out, 0x04034b50, 4);
            common(out, entry, entry.localName.length);
            out.writeBytes(entry.localName);
            out.writeBytes(entry.extra);
            out.writeBytes(entry.compressed);
            number(directory, 0x02014b50, 4);
            number(directory, entry.host << 8 | 20, 2);
            common(directory, entry, entry.name.length);
            number(directory, 0, 2 + 2 + 2);
            number(directory, (long) entry.mode << 16, 4);
            number(directory, offset, 4);
            directory.writeBytes(entry.name);
            directory.writeBytes(entry.extra);
        }
        int start = out.size();
        out.writeBytes(directory.toByteArray());
        number(out, 0x06054b50, 4);
        number(out, 0, 4);
        number(out, entries.size(), 2);
        number(out, entries.size(), 2);
        number(out, directory.size(), 4);
        number(out, start, 4);
        number(out, comment.length(), 2);
        out.writeBytes(comment.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static void common(ByteArrayOutputStream out, Entry entry, int nameLength) {
        number(out, 20, 2);
        number(out, entry.flags, 2);
        number(out, entry.method, 2);
        number(out, entry.time, 2);
        number(out, 0x5a21, 2);
        number(out, entry.crc, 4);
        number(out, entry.compressed.length, 4);
        number(out, entry.size, 4);
        number(out, nameLength, 2);
        number(out, entry.extra.length, 2);
    }

    private static void number(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >> 8 * i) & 0xFF);
        }
    }
}
