package io.slipway.compute.emr;

import io.slipway.compute.RunStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** One log that lies in S3 in one or more parts, compressed or not; whether they are is seen from their first bytes alone. */
record S3LogStream(S3Client s3, String name, String bucket, List<String> keys) implements RunStream {

    @Override
    public OptionalLong size() {
        return OptionalLong.empty();
    }

    @Override
    public InputStream open(long offset) throws IOException {
        InputStream all = new Parts(keys.iterator());
        try {
            skip(all, offset);
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** The parts as one. Each is fetched when the one before it is at its end, and never for the sake of closing it. */
    private final class Parts extends InputStream {

        private final Iterator<String> rest;
        private InputStream current;

        Parts(Iterator<String> rest) throws IOException {
            this.rest = rest;
            this.current = plain(fetch(rest.next()));
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
                current = plain(fetch(rest.next()));
                read = current.read(buffer, offset, length);
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }

    private InputStream fetch(String key) throws IOException {
        try {
            return new Abandonable(
                    s3.getObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException("s3://" + bucket + "/" + key);
        } catch (SdkException e) {
            throw new IOException("cannot read s3://" + bucket + "/" + key, e);
        }
    }

    private static InputStream plain(InputStream part) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(part, 1 << 16);
        bytes.mark(2);
        boolean gzip = bytes.read() == 0x1f && bytes.read() == 0x8b;
        bytes.reset();
        return gzip ? new GZIPInputStream(bytes, 1 << 16) : bytes;
    }

    private static void skip(InputStream in, long bytes) throws IOException {
        byte[] waste = new byte[1 << 16];
        long left = bytes;
        while (left > 0) {
            int read = in.read(waste, 0, (int) Math.min(waste.length, left));
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }

    /** Closed before its end it drops the connection, where the SDK would read the rest of the log to keep it. */
    private static final class Abandonable extends FilterInputStream {

        private final ResponseInputStream<GetObjectResponse> response;

        Abandonable(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
        }

        @Override
        public void close() {
            response.abort();
        }
    }
}
