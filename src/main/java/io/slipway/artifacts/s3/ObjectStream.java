package io.slipway.artifacts.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The bytes of an object on their way in. Closing it early drops the connection instead of reading the rest, and a checksum that does
 * not match is an {@link IOException} as every other failure of a stream.
 */
final class ObjectStream extends FilterInputStream {

    private final ResponseInputStream<?> object;
    private boolean ended;

    ObjectStream(ResponseInputStream<?> object) {
        super(object);
        this.object = object;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int most) throws IOException {
        try {
            int count = object.read(target, from, most);
            ended |= count < 0;
            return count;
        } catch (SdkException e) {
            throw new IOException("The object could not be read to its end: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            object.close();
        } else {
            object.abort();
        }
    }
}
