package io.slipway.sources;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A source that somebody wants to have fetched.
 *
 * @param owner who asks; the allow list names who may
 * @param uri as it was asked for
 * @param version that was found there just now; {@code null} for whatever is there
 * @param folder where its file goes
 * @param mostBytes that may be fetched, all files together
 * @param mostFiles that it may have
 */
public record SourceOrder(
        String owner, String uri, @Nullable String version, Path folder, long mostBytes, int mostFiles) {

    public SourceOrder at(String found) {
        return new SourceOrder(owner, uri, found, folder, mostBytes, mostFiles);
    }
}
