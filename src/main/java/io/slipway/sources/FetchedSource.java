package io.slipway.sources;

import java.nio.file.Path;

/**
 * A source as a file of this machine, to be treated as if it had been uploaded.
 *
 * @param fileName as an upload would be called; its ending counts where the content does not tell
 */
public record FetchedSource(Path file, String fileName) {}
