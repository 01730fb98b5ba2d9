package io.slipway.compute.emr.logs;

import io.slipway.compute.MeasuredStream;
import io.slipway.compute.emr.logs.LogFolders.LogFile;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.zip.GZIPInputStream;

/** The parts of a log as one. Each is fetched when the one before it is at its end, and never for the sake of closing it. */
final class JoinedParts extends MeasuredStream {

    private final Iterator<LogFile> rest;
    private final Fetch fetch;
    private final long stored;
    private volatile long fetched;
    private InputStream current;

    /** How a part comes here, as it is stored. */
    interface Fetch {
        InputStream of(LogFile part) throws IOException;
    }

    /** @param stored length of all parts as they are stored */
    JoinedParts(Iterator<LogFile> parts, Fetch fetch, long stored) throws IOException {
        this.rest = parts;
        this.fetch = fetch;
        this.stored = stored;
        this.current = plain(fetch.of(rest.next()));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = current.read(buffer, offset, length);
        while (read < 0 && rest.hasNext()) {
            current.close();
            current = plain(fetch.of(rest.next()));
            read = current.read(buffer, offset, length);
        }
        return read;
    }

    @Override
    public double share() {
        return stored == 0 ? 1 : Math.min(1, (double) fetched / stored);
    }

    @Override
    public void close() throws IOException {
        current.close();
    }

    private InputStream plain(InputStream part) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(new Counted(part), 1 << 16);
        bytes.mark(2);
        boolean gzip = bytes.read() == 0x1f && bytes.read() == 0x8b;
        bytes.reset();
        return gzip ? new GZIPInputStream(bytes, 1 << 16) : bytes;
    }

    private final class Counted extends FilterInputStream {

        Counted(InputStream part) {
            super(part);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            fetched += Math.max(0, read);
            return read;
        }
    }
}
