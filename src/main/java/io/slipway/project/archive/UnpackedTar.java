package io.slipway.project.archive;

import io.slipway.project.HeldBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a tar as they come out of their compression, counted. While headers are read they are kept too: the library decodes
 * names in ways that lose what was written, and would hold a header of any length in memory.
 */
final class UnpackedTar extends InputStream {

    /** Long names and attributes of one entry; tools write a few kilobytes at most. */
    private static final int LONGEST_HEADER = 1 << 20;

    private final CompressedBytes file;
    private final InputStream unpacked;
    private final ReadBudget budget;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private boolean inHeader;

    UnpackedTar(HeldBytes held, Compression compression, ReadBudget budget) throws IOException {
        this.budget = budget;
        budget.window(compression.megabytes());
        file = new CompressedBytes(held.open());
        try {
            unpacked = compression.unpacked(file);
        } catch (IOException e) {
            file.close();
            budget.noWindow();
            throw Upload.damaged("its " + compression.title() + " header is wrong");
        } catch (RuntimeException e) {
            file.close();
            budget.noWindow();
            throw e;
        }
    }

    void headerBegins() {
        header.reset();
        inHeader = true;
    }

    /** What was read since the header began, one character for each byte. */
    String headerEnds() {
        inHeader = false;
        return header.toString(StandardCharsets.ISO_8859_1);
    }

    /**
     * The next entry of a reader of these bytes, or {@code null} at the end. The header is kept only to be refused when it is endless;
     * what nobody has read of the entry before is no part of it.
     */
    @Nullable
    TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        if (tar.getCurrentEntry() != null) {
            while (tar.skip(Long.MAX_VALUE) > 0) {
                // It skips as much as the entry has.
            }
        }
        headerBegins();
        TarArchiveEntry entry = tar.getNextEntry();
        headerEnds();
        return entry;
    }

    long compressedSoFar() {
        return file.count();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        file.nextStep();
        int read = unpacked.read(buffer, offset, length);
        if (read > 0) {
            budget.unpacked(read, file.count());
            if (inHeader) {
                keep(buffer, offset, read);
            }
        }
        return read;
    }

    private void keep(byte[] buffer, int offset, int read) throws IOException {
        header.write(buffer, offset, read);
        if (header.size() > LONGEST_HEADER) {
            throw new IOException("a header of more than " + LONGEST_HEADER + " bytes");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            unpacked.close();
        } finally {
            budget.noWindow();
        }
    }
}
