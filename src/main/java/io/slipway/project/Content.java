package io.slipway.project;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of one file that were read to their end once, and where the same bytes lie in compressed form.
 *
 * @param method of zip: stored or deflated
 * @param sha256 of the unpacked bytes, lower-case hex
 * @param compressed opens exactly {@code compressedSize} bytes
 */
record Content(int method, long size, long compressedSize, long crc, String sha256, Source compressed) {

    /** Opens a stream, as often as asked. */
    interface Source {
        InputStream open() throws IOException;
    }
}
