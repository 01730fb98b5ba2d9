package io.slipway.logs;

import java.util.OptionalLong;

/**
 * A stream that exists.
 *
 * @param size bytes that can be read now; empty when not known without reading them all
 */
public record LogInfo(String name, int attempt, OptionalLong size) {}
