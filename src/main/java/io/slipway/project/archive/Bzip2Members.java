package io.slipway.project.archive;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** A bzip2 of one stream or many (pbzip2 writes one for each block), with zeros at its end or without. */
final class Bzip2Members extends InputStream {

    /** Each stream takes 4 MB anew, so that a file of tiny ones would keep the machine busy for hours. */
    private static final int FREE_STREAMS = 1_000;

    private static final int LEAST_OF_A_STREAM = 1 << 14;

    private final CompressedBytes in;
    private InputStream stream;
    private long streams = 1;
    private long unpacked;
    private boolean ended;

    Bzip2Members(CompressedBytes in) throws IOException {
        this.in = in;
        this.stream = new BZip2CompressorInputStream(in, false);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (!ended) {
            int read = stream.read(target, offset, length);
            if (read >= 0) {
                unpacked += read;
                return read;
            }
            ended = !in.hasMore();
            if (!ended) {
                nextStream();
            }
        }
        return -1;
    }

    private void nextStream() throws IOException {
        streams++;
        if (streams > FREE_STREAMS && unpacked / streams < LEAST_OF_A_STREAM) {
            throw new IOException("a bzip2 file of too many small streams");
        }
        stream = new BZip2CompressorInputStream(in, false);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
