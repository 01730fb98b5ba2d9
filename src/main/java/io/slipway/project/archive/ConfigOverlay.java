package io.slipway.project.archive;

import io.slipway.project.HeldBytes;

/**
 * A file that is laid over the project before anything else looks at it.
 *
 * @param path where it goes, as the caller named it; a bare name means a file at the root, {@code ./name} insists on that
 * @param content its bytes
 */
public record ConfigOverlay(String path, HeldBytes content) {}
