package io.slipway.submission;

import org.jspecify.annotations.Nullable;

/**
 * A configuration file that came beside a source, kept with the wish until the source is here.
 *
 * @param path as the caller named it
 * @param content {@code null} where it lies in the store
 */
record KeptConfig(
        String path,
        @SuppressWarnings("ArrayRecordComponent") byte @Nullable [] content) {}
