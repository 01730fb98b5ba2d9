package io.slipway.logs;

import io.slipway.compute.LogStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream that exists.
 *
 * @param stream by what it holds
 * @param source by where it was printed
 * @param attempt of the job
 * @param size bytes that can be read now; empty when not known without reading them all
 * @param note what its reader has to know; {@code null} for nothing
 */
public record LogInfo(
        LogStream stream,
        LogStream source,
        int attempt,
        OptionalLong size,
        @Nullable String note) {

    /** Whether it can be read by this name. */
    public boolean isCalled(LogStream name) {
        return stream.equals(name) || source.equals(name);
    }
}
