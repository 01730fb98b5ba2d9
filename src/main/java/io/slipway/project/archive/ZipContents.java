package io.slipway.project.archive;

import io.slipway.project.Printable;
import io.slipway.project.RandomBytes;
import io.slipway.project.archive.Content.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;

/** Reads the entries of a zip to their end and holds them against sizes and checksums before their compressed bytes are trusted. */
final class ZipContents {

    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_HEADER = 30;

    private final RandomBytes file;
    private final long uploadSize;
    private final ReadBudget budget;
    private final Spool spool;
    private final ZipMethods methods = new ZipMethods();
    private final byte[] compressed = new byte[1 << 16];
    private final byte[] unpacked = new byte[1 << 16];

    ZipContents(RandomBytes file, ReadBudget budget, Spool spool) throws IOException {
        this.file = file;
        this.uploadSize = file.size();
        this.budget = budget;
        this.spool = spool;
    }

    /** @param announced what the central directory says */
    Content read(Content announced, EntryPath path) throws IOException {
        long data = data(file, announced);
        if (data < 0) {
            throw Upload.damaged(Printable.quoted(path.value()) + " is not where the table of contents says");
        }
        Content content = switch (announced.method()) {
            case ZipEntry.STORED -> stored(announced, data, path);
            case ZipEntry.DEFLATED -> deflated(announced, data, path);
            default -> deflatedAnew(announced, data, path);
        };
        if (content.size() != announced.size() || content.crc() != announced.crc()) {
            throw Upload.damaged(Printable.quoted(path.value()) + " has another size or checksum than announced");
        }
        return content;
    }

    /** One that was read before, where its bytes begin. */
    Content found(Content marked, EntryPath path, long zipSize) throws IOException {
        long data = data(file, marked);
        if (data < 0) {
            throw Upload.damaged(Printable.quoted(path.value()) + " is not where the table of contents says");
        }
        budget.unpacked(marked.size(), zipSize);
        return marked.movedTo(Source.UPLOAD, data);
    }

    String linkTarget(Content announced, EntryPath path) throws IOException {
        if (announced.size() > SymlinkResolver.LONGEST) {
            throw Upload.damaged(Printable.quoted(path.value()) + " is a link with an endless target");
        }
        Content content = read(announced, path);
        RandomBytes source = content.source() == Source.SPOOL ? spool.bytes() : file;
        byte[] target = new UploadStream(unpacked(source, content), path).readNBytes(SymlinkResolver.LONGEST);
        return EntryNames.utf8(target).orElseThrow(() -> EntryNames.undecodable(target));
    }

    /** The bytes of a content that was read and checked. */
    static InputStream unpacked(RandomBytes file, Content content) {
        InputStream bytes = new BytesSlice(file, content.at(), content.compressedSize());
        return content.method() == ZipEntry.STORED ? bytes : new Inflated(bytes);
    }

    /** Where the entry's bytes begin: behind a second header, whose length is all that it is asked for. -1 when it is not there. */
    static long data(RandomBytes file, Content announced) throws IOException {
        if (announced.at() < 0 || announced.at() > file.size() - LOCAL_HEADER) {
            return -1;
        }
        ByteBuffer header = ZipDirectory.read(file, announced.at(), LOCAL_HEADER);
        long data = announced.at()
                + LOCAL_HEADER
                + ZipDirectory.unsigned(header.getShort(26))
                + ZipDirectory.unsigned(header.getShort(28));
        boolean there = header.getInt(0) == LOCAL_SIGNATURE && data <= file.size() - announced.compressedSize();
        return there ? data : -1;
    }

    private Content stored(Content announced, long data, EntryPath path) throws IOException {
        ContentHash fingerprint = new ContentHash();
        try (InputStream in = raw(announced, data, path)) {
            for (int read = in.read(unpacked); read >= 0; read = in.read(unpacked)) {
                count(read, fingerprint, announced);
                fingerprint.update(unpacked, read);
            }
        }
        return read(announced, data, fingerprint, fingerprint.size());
    }

    private Content deflated(Content announced, long data, EntryPath path) throws IOException {
        ContentHash fingerprint = new ContentHash();
        Inflater inflater = new Inflater(true);
        try (InputStream in = raw(announced, data, path)) {
            while (!inflater.finished()) {
                int length = inflate(inflater, in, path);
                count(length, fingerprint, announced);
                fingerprint.update(unpacked, length);
            }
            // What follows the end of the stream was not checked and is not taken along.
            return read(announced, data, fingerprint, inflater.getBytesRead());
        } finally {
            inflater.end();
        }
    }

    private int inflate(Inflater inflater, InputStream in, EntryPath path) throws IOException {
        try {
            int length = inflater.inflate(unpacked);
            if (length == 0 && !inflater.finished() && inflater.needsInput()) {
                int read = in.read(compressed);
                if (read < 0) {
                    throw Upload.damaged(Printable.quoted(path.value()) + " ends early");
                }
                inflater.setInput(compressed, 0, read);
            } else if (length == 0 && inflater.needsDictionary()) {
                throw Upload.damaged(Printable.quoted(path.value()) + " needs a dictionary that zip does not have");
            }
            return length;
        } catch (DataFormatException e) {
            throw Upload.damaged(Printable.quoted(path.value()) + " cannot be inflated");
        }
    }

    private Content deflatedAnew(Content announced, long data, EntryPath path) throws IOException {
        if (!ZipMethods.isRead(announced.method())) {
            throw Upload.damaged("%s is packed by method %d, which is not read here; use plain deflate"
                    .formatted(Printable.quoted(path.value()), announced.method()));
        }
        long[] size = {0};
        try (InputStream raw = raw(announced, data, path);
                InputStream in = new UploadStream(methods.unpacked(announced, raw, path), path)) {
            return spool.deflate(in, read -> {
                size[0] += read;
                budget.unpacked(read, uploadSize);
                budget.within(size[0], announced.compressedSize());
            });
        }
    }

    private void count(int length, ContentHash soFar, Content announced) {
        budget.unpacked(length, uploadSize);
        budget.within(soFar.size() + length, announced.compressedSize());
    }

    private static Content read(Content announced, long data, ContentHash fingerprint, long compressedSize) {
        return new Content(
                announced.method(),
                fingerprint.size(),
                compressedSize,
                fingerprint.crc(),
                fingerprint.digest(),
                fingerprint.beginning(),
                Source.UPLOAD,
                data);
    }

    private InputStream raw(Content announced, long data, EntryPath path) {
        return new UploadStream(new BytesSlice(file, data, announced.compressedSize()), path);
    }

    /** Gives its native memory back as soon as it is closed. */
    private static final class Inflated extends InflaterInputStream {

        Inflated(InputStream in) {
            super(in, new Inflater(true), 1 << 13);
        }

        @Override
        public void close() throws IOException {
            inf.end();
            super.close();
        }
    }
}
