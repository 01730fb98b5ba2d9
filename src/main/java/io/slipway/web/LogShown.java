package io.slipway.web;

import org.jspecify.annotations.Nullable;

/**
 * What the page shows of the output of one attempt before any script ran, and which log of it.
 *
 * @param about what a reader of this log has to know; {@code null} for nothing
 */
record LogShown(
        int attempt, LogTabs tabs, String stream, @Nullable String about, LogLook look) {}
