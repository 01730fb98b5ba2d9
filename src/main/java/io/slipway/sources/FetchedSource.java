package io.slipway.sources;

import java.nio.file.Path;
import java.util.List;

/**
 * A source as a file of this machine, to be treated as if it had been uploaded.
 *
 * @param fileName as an upload would be called; its ending counts where the content does not tell
 * @param version of what was fetched, in the host's words: an ETag, a commit
 * @param submodules folders of it that are other repositories, which are not fetched
 */
public record FetchedSource(Path file, String fileName, String version, List<String> submodules) {

    public FetchedSource {
        submodules = List.copyOf(submodules);
    }
}
