package io.slipway.api;

import io.slipway.submission.StorageUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Puts what a client sends on the service's disk, and tells whose fault it is when that fails. */
final class Spooled {

    private Spooled() {}

    /**
     * Stops when more than {@code most} bytes came.
     *
     * @return how many came
     * @throws IOException when the client's bytes cannot be read
     * @throws StorageUnavailable when they cannot be written
     */
    static long copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] piece = new byte[64 * 1024];
        long all = 0;
        for (int read = in.read(piece); read >= 0 && all <= most; read = in.read(piece)) {
            write(out, piece, read);
            all += read;
        }
        return all;
    }

    static void write(OutputStream out, byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be written on the service's disk.", failure);
        }
    }
}
