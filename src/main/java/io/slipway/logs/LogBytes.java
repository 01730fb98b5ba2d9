package io.slipway.logs;

import io.slipway.compute.RunStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The plain bytes of a log, readable from any position. */
interface LogBytes {

    /** Bytes that can be read now. */
    long size() throws IOException;

    /** Reads up to {@code length} bytes; fewer only at the end. */
    byte[] read(long position, int length) throws IOException;

    /** How much of what there is can be read, 0 to 1. */
    default double progress() {
        return 1;
    }

    /** Why there is more than can be read, in a sentence for people; {@code null} when that is not so. */
    default @Nullable String trouble() {
        return null;
    }

    /** Whether it is longer than what is kept of it. */
    default boolean isCut() {
        return false;
    }

    /** Waits until all that there is can be read, or nothing more can be. */
    default void await(Duration longest) {}

    /** A log of known size, which its stream reads from any position at once. */
    static LogBytes of(RunStream stream) {
        return new LogBytes() {
            @Override
            public long size() throws IOException {
                return stream.size().orElse(0);
            }

            @Override
            public byte[] read(long position, int length) throws IOException {
                try (InputStream in = stream.open(position)) {
                    return in.readNBytes(length);
                } catch (NoSuchFileException notYet) {
                    return new byte[0];
                }
            }
        };
    }
}
