package io.slipway.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that came with a submission.
 *
 * @param name as the client named it; {@code null} when it has none
 * @param path where it lies until the submission is closed
 */
record SentFile(@Nullable String name, Path path) {}
