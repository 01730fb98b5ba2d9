package io.slipway.project.archive;

import java.nio.file.Path;

/**
 * A file that is laid over the project before anything else looks at it.
 *
 * @param path where it goes, as the caller named it; a bare name means a file at the root, {@code ./name} insists on that
 * @param content its bytes, on disk
 */
public record ConfigOverlay(String path, Path content) {}
