package io.slipway.project;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.utils.BoundedInputStream;

/** Reads the entries of a zip to their end and holds them against sizes and checksums before their compressed bytes are trusted. */
final class ZipContents {

    /** Windows packs large files by the first and some tools offer the second; both are deflated anew. */
    private static final Set<Integer> UNPACKED_BY_LIBRARY =
            Set.of(ZipMethod.ENHANCED_DEFLATED.getCode(), ZipMethod.BZIP2.getCode());

    private static final int LONGEST_LINK = 4096;

    private final ZipFile zip;
    private final long uploadSize;
    private final ReadBudget budget;
    private final Spool spool;
    private final byte[] compressed = new byte[1 << 16];
    private final byte[] unpacked = new byte[1 << 16];

    ZipContents(ZipFile zip, long uploadSize, ReadBudget budget, Spool spool) {
        this.zip = zip;
        this.uploadSize = uploadSize;
        this.budget = budget;
        this.spool = spool;
    }

    Content read(ZipArchiveEntry entry, EntryPath path) throws IOException {
        Content content = switch (entry.getMethod()) {
            case ZipEntry.STORED -> stored(entry, path);
            case ZipEntry.DEFLATED -> deflated(entry, path);
            default -> deflatedAnew(entry, path);
        };
        if (content.size() != entry.getSize() || content.crc() != entry.getCrc()) {
            throw Upload.damaged(Printable.quoted(path.value()) + " has another size or checksum than announced");
        }
        return content;
    }

    String linkTarget(ZipArchiveEntry entry, EntryPath path) throws IOException {
        if (entry.getSize() > LONGEST_LINK) {
            throw Upload.damaged(Printable.quoted(path.value()) + " is a link with an endless target");
        }
        read(entry, path);
        byte[] target = new UploadStream(zip.getInputStream(entry), path).readNBytes(LONGEST_LINK);
        return EntryNames.utf8(target).orElseThrow(() -> EntryNames.undecodable(target));
    }

    private Content stored(ZipArchiveEntry entry, EntryPath path) throws IOException {
        Fingerprint fingerprint = new Fingerprint();
        try (InputStream in = raw(entry, path)) {
            for (int read = in.read(unpacked); read >= 0; read = in.read(unpacked)) {
                count(read, fingerprint, entry);
                fingerprint.update(unpacked, read);
            }
        }
        return raw(entry, path, fingerprint, fingerprint.size());
    }

    private Content deflated(ZipArchiveEntry entry, EntryPath path) throws IOException {
        Fingerprint fingerprint = new Fingerprint();
        Inflater inflater = new Inflater(true);
        try (InputStream in = raw(entry, path)) {
            while (!inflater.finished()) {
                int length = inflate(inflater, in, path);
                count(length, fingerprint, entry);
                fingerprint.update(unpacked, length);
            }
            // What follows the end of the stream was not checked and is not taken along.
            return raw(entry, path, fingerprint, inflater.getBytesRead());
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

    private Content deflatedAnew(ZipArchiveEntry entry, EntryPath path) throws IOException {
        if (!UNPACKED_BY_LIBRARY.contains(entry.getMethod())) {
            throw Upload.damaged("%s is packed by method %d, which is not read here; use plain deflate"
                    .formatted(Printable.quoted(path.value()), entry.getMethod()));
        }
        long[] size = {0};
        try (InputStream in = open(() -> zip.getInputStream(entry), path)) {
            return spool.deflate(in, read -> {
                size[0] += read;
                budget.unpacked(read, uploadSize);
                budget.within(size[0], entry.getCompressedSize());
            });
        }
    }

    private void count(int length, Fingerprint soFar, ZipArchiveEntry entry) {
        budget.unpacked(length, uploadSize);
        budget.within(soFar.size() + length, entry.getCompressedSize());
    }

    private Content raw(ZipArchiveEntry entry, EntryPath path, Fingerprint fingerprint, long compressedSize) {
        return new Content(
                entry.getMethod(),
                fingerprint.size(),
                compressedSize,
                fingerprint.crc(),
                fingerprint.digest(),
                () -> new BoundedInputStream(raw(entry, path), compressedSize));
    }

    private InputStream raw(ZipArchiveEntry entry, EntryPath path) {
        return open(() -> zip.getRawInputStream(entry), path);
    }

    private static InputStream open(Content.Source source, EntryPath path) {
        try {
            return new UploadStream(source.open(), path);
        } catch (IOException | RuntimeException e) {
            throw Upload.damaged(Printable.quoted(path.value()) + " is not where the table of contents says");
        }
    }
}
