package io.slipway.project.archive;

import io.slipway.project.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/** The zip of a project as it is stored, entry by entry; nothing is kept in memory. */
public final class StoredZip {

    private StoredZip() {}

    /** Is shown each entry, folders too, whose names end with a slash. */
    public interface Visitor {
        void visit(Entry entry) throws IOException;
    }

    /** @param mode of Unix, with the type; 0 when there is none */
    public record Entry(String name, int mode, Bytes bytes) {

        public boolean isFolder() {
            return name.endsWith("/");
        }

        public boolean isLink() {
            return (mode & 0170000) == 0120000;
        }

        public boolean isExecutable() {
            return (mode & 0111) != 0;
        }

        /** @throws ZipException when the bytes are not those that were packed; some may be in the file then */
        public void copyTo(Path file) throws IOException {
            try (CheckedInputStream in = new CheckedInputStream(bytes.open(), new CRC32())) {
                long size = Files.copy(in, file);
                if (size != bytes.content.size() || in.getChecksum().getValue() != bytes.content.crc()) {
                    throw new ZipException(name + " is damaged");
                }
            }
        }

        /** At most so many bytes. */
        public byte[] first(int most) throws IOException {
            try (InputStream in = bytes.open()) {
                return in.readNBytes(most);
            }
        }
    }

    /** Where an entry's bytes are. */
    public static final class Bytes {

        private final RandomBytes zip;
        private final Content content;

        private Bytes(RandomBytes zip, ZipEntryHeader header) {
            this.zip = zip;
            this.content = ZipUpload.announced(header);
        }

        private InputStream open() throws IOException {
            long data = ZipContents.data(zip, content);
            if (data < 0) {
                throw new ZipException("an entry is not where the table of contents says");
            }
            return ZipContents.unpacked(zip, content.movedTo(Content.Source.PROJECT, data));
        }
    }

    /** @throws ZipException when it is no sound zip */
    public static void read(Path file, Visitor visitor) throws IOException {
        try (RandomBytes zip = RandomBytes.open(file)) {
            ZipDirectory.of(zip)
                    .forEach(header -> visitor.visit(new Entry(
                            EntryNames.ofZip(header, CodePage.ORIGINAL), header.unixMode(), new Bytes(zip, header))));
        }
    }
}
