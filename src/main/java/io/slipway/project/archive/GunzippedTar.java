package io.slipway.project.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * The bytes of a tar as they come out of gzip, counted. While headers are read they are kept too: the library decodes names in ways
 * that lose what was written, and would hold a header of any length in memory.
 */
final class GunzippedTar extends InputStream {

    /** Long names and attributes of one entry; tools write a few kilobytes at most. */
    private static final int LONGEST_HEADER = 1 << 20;

    private static final int BUFFER = 1 << 14;

    /** So many compressed bytes may pass before anything comes out: a header's name and comment have no length of their own. */
    private static final long MOST_FOR_NOTHING = 1 << 20;

    private final Counted file;
    private final InputStream gunzipped;
    private final ReadBudget budget;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private boolean inHeader;

    GunzippedTar(Path path, ReadBudget budget) throws IOException {
        this.budget = budget;
        file = new Counted(new BufferedInputStream(Files.newInputStream(path), BUFFER));
        try {
            // Not that of commons-compress, which keeps the header's name and comment in memory however long they are.
            gunzipped = new GZIPInputStream(file, BUFFER);
        } catch (IOException e) {
            file.close();
            throw Upload.damaged("its gzip header is wrong");
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

    long compressedSoFar() {
        return file.count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        file.nextStep();
        int read = gunzipped.read(buffer, offset, length);
        if (read > 0) {
            budget.unpacked(read, file.count);
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
        gunzipped.close();
    }

    private static final class Counted extends FilterInputStream {

        private long count;
        private long most = MOST_FOR_NOTHING;

        Counted(InputStream in) {
            super(in);
        }

        void nextStep() {
            most = count + MOST_FOR_NOTHING;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) throws IOException {
            count += read;
            if (count > most) {
                throw new IOException("a gzip header without end");
            }
        }
    }
}
