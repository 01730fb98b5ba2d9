package io.slipway.project;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the one form in which projects are stored: sorted, every folder with an entry of its own (Python's import from a zip and
 * some unzip tools need them), one time, two modes, UTF-8 names. The archive's comment marks it, so that the same project sent or
 * read again keeps its folders and its id.
 */
final class ProjectZip {

    private static final String MARK = "slipway-project/1";

    /** Length of the record at the end of every zip, up to its comment. */
    private static final int END_RECORD = 22;

    private static final byte[] END_SIGNATURE = {'P', 'K', 5, 6};

    private static final int FOLDER_MODE = 040755;
    private static final int FILE_MODE = 0100644;
    private static final int EXECUTABLE_MODE = 0100755;

    /** Zip has no time zone. A month after its first day, which some tools take for "no time" or shift into 1979. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private ProjectZip() {}

    /** @param files in any order; folders above them need not be named */
    static void write(Path target, Collection<Manifest.Item> items) throws IOException {
        try (ZipArchiveOutputStream zip =
                new ZipArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(target), 1 << 16))) {
            zip.setEncoding(StandardCharsets.UTF_8.name());
            zip.setUseLanguageEncodingFlag(true);
            zip.setComment(MARK);
            for (Map.Entry<String, Manifest.@Nullable Item> entry :
                    withFolders(items).entrySet()) {
                write(zip, entry.getKey(), entry.getValue());
            }
        }
    }

    static boolean isNormalised(Path zip) throws IOException {
        byte[] mark = MARK.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer end = ByteBuffer.allocate(END_RECORD + mark.length);
        try (SeekableByteChannel channel = Files.newByteChannel(zip)) {
            if (channel.size() < end.capacity()) {
                return false;
            }
            channel.position(channel.size() - end.capacity());
            while (end.hasRemaining() && channel.read(end) >= 0) {
                // until full
            }
        }
        String text = new String(end.array(), StandardCharsets.ISO_8859_1);
        return text.startsWith(new String(END_SIGNATURE, StandardCharsets.ISO_8859_1)) && text.endsWith(MARK);
    }

    private static TreeMap<String, Manifest.@Nullable Item> withFolders(Collection<Manifest.Item> items) {
        TreeMap<String, Manifest.@Nullable Item> entries = new TreeMap<>(Manifest.UTF8_ORDER);
        for (Manifest.Item item : items) {
            entries.put(item.path() + (item.isFolder() ? "/" : ""), item);
            int slash = item.path().lastIndexOf('/');
            while (slash > 0 && !entries.containsKey(item.path().substring(0, slash + 1))) {
                entries.put(item.path().substring(0, slash + 1), null);
                slash = item.path().lastIndexOf('/', slash - 1);
            }
        }
        return entries;
    }

    private static void write(ZipArchiveOutputStream zip, String name, Manifest.@Nullable Item item)
            throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setTime(TIME.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli());
        Content content = item == null ? null : item.content();
        if (item == null || content == null) {
            entry.setUnixMode(FOLDER_MODE);
            entry.setMethod(ZipArchiveEntry.STORED);
            entry.setSize(0);
            entry.setCompressedSize(0);
            entry.setCrc(0);
            zip.addRawArchiveEntry(entry, InputStream.nullInputStream());
            return;
        }
        entry.setUnixMode(item.executable() ? EXECUTABLE_MODE : FILE_MODE);
        entry.setMethod(content.method());
        entry.setSize(content.size());
        entry.setCompressedSize(content.compressedSize());
        entry.setCrc(content.crc());
        try (InputStream compressed = content.compressed().open()) {
            zip.addRawArchiveEntry(entry, compressed);
        }
    }
}
