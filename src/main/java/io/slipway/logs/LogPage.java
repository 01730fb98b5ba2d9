package io.slipway.logs;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * A part of a log, to be read once.
 *
 * @param offset position of the part's first byte in the log
 * @param body to the part's end; the caller closes it
 */
public record LogPage(long offset, InputStream body) implements Closeable {
    @Override
    public void close() throws IOException {
        body.close();
    }
}
