package io.slipway.api;

import io.slipway.project.HeldBytes;
import org.jspecify.annotations.Nullable;

/**
 * A file that came with a submission.
 *
 * @param name as the client named it; {@code null} when it has none
 * @param bytes which stay until the form is closed
 */
record SentFile(@Nullable String name, HeldBytes bytes) {}
