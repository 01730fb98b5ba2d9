package io.slipway.project.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tar.gz with any kind of entry. */
final class TarFixture {

    /** Bytes of a link's target that a header of its own has room for. */
    private static final int LONGEST_IN_HEADER = 100;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    private TarFixture() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    static TarFixture tar() {
        return new TarFixture();
    }

    TarFixture pax() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        return this;
    }

    TarFixture file(String name, String content) {
        return file(name, content, 0644);
    }

    TarFixture file(String name, String content, int mode) {
        byte[] data = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(data.length);
        entry.setMode(0100000 | mode);
        return put(entry, data);
    }

    TarFixture folder(String name) {
        return put(new TarArchiveEntry(name, true), new byte[0]);
    }

    TarFixture symlink(String name, String target) {
        return link(name, target, TarConstants.LF_SYMLINK);
    }

    TarFixture hardLink(String name, String target) {
        return link(name, target, TarConstants.LF_LINK);
    }

    TarFixture special(String name, byte type) {
        return put(new TarArchiveEntry(name, type, true), new byte[0]);
    }

    private TarFixture link(String name, String target, byte type) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        if (target.length() <= LONGEST_IN_HEADER) {
            entry.setLinkName(target);
        } else {
            // By hand: the library shortens a long target by one character after the other.
            longTarget(target);
            entry.setLinkName(target.substring(0, LONGEST_IN_HEADER));
        }
        return put(entry, new byte[0]);
    }

    private void longTarget(String target) {
        String record = " linkpath=" + target + "\n";
        int length = record.getBytes(StandardCharsets.UTF_8).length;
        int digits = String.valueOf(length + String.valueOf(length).length()).length();
        byte[] data = ((length + digits) + record).getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry header = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, true);
        header.setSize(data.length);
        put(header, data);
    }

    private TarFixture put(TarArchiveEntry entry, byte[] data) {
        try {
            tar.putArchiveEntry(entry);
            tar.write(data);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] plain() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] gzipped() {
        return gzip(plain());
    }

    Path in(Path folder) {
        return write(folder, gzipped());
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Path write(Path folder, byte[] bytes) {
        try {
            return Files.write(Files.createTempFile(folder, "upload-", ".bin"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
