package io.slipway.logs;

import io.slipway.compute.LogStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream that exists.
 *
 * @param attempt of the job
 * @param size bytes that can be read now; empty when not known without reading them all
 * @param note what its reader has to know; {@code null} for nothing
 */
public record LogInfo(
        LogStream stream, int attempt, OptionalLong size, @Nullable String note) {}
