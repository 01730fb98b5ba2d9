package io.slipway.compute;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * One thing that a run prints, as plain (never compressed) bytes. Positions are offsets into those plain bytes and stay valid while
 * the stream grows.
 */
public interface RunStream {

    /** {@code stdout}, {@code stderr}, {@code controller} … in lower case; letters, digits, {@code -}, {@code .} and {@code /}. */
    String name();

    /** Bytes that can be read now; empty when that is not known without reading them all (a compressed log). */
    OptionalLong size() throws IOException;

    /**
     * Something that is another when there may be more to read; empty when only reading tells. A stream that was read to its end need
     * not be opened again before that.
     */
    default String revision() {
        return "";
    }

    /**
     * Reads from a position to what is the end now; nothing when the position is at or past it. The caller closes the stream.
     *
     * @throws java.nio.file.NoSuchFileException when nothing was written yet
     */
    InputStream open(long offset) throws IOException;
}
