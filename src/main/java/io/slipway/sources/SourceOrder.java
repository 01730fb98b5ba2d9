package io.slipway.sources;

import java.nio.file.Path;

/**
 * A source that somebody wants to have fetched.
 *
 * @param owner who asks; the allow list names who may
 * @param uri as it was asked for
 * @param folder where its file goes
 * @param mostBytes that may be fetched, all files together
 * @param mostFiles that it may have
 */
public record SourceOrder(String owner, String uri, Path folder, long mostBytes, int mostFiles) {}
