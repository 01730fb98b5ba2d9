package io.slipway.compute;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a run prints, as plain (never compressed) bytes. Positions are offsets into those plain bytes and stay valid while
 * the stream grows.
 */
public interface RunStream {

    /** Said of a {@code stdout} where Python is started by Spark, which joins the two streams of the process. */
    String HOLDS_BOTH = "Holds what the program printed to stdout and to stderr: Spark joins the two.";

    /** Which it is, by what it holds. */
    LogStream id();

    /**
     * Which it is, by where it was printed. That is known from the first byte on: whoever reads under this name goes on reading the same
     * bytes when their role comes to be known.
     */
    default LogStream source() {
        return id();
    }

    /** What a reader has to know of it, in a sentence; {@code null} when it is what its name says. */
    default @Nullable String note() {
        return null;
    }

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
     * Whether what is here is all that the run, which ended at that time, printed. Without a sign of it the answer is no, and only time
     * tells.
     */
    default boolean isWhole(Instant endedAt) {
        return true;
    }

    /**
     * Reads from a position to what is the end now; nothing when the position is at or past it. The caller closes the stream.
     *
     * @throws java.nio.file.NoSuchFileException when nothing was written yet
     */
    InputStream open(long offset) throws IOException;
}
