package io.slipway.submission;

import io.slipway.project.archive.ConfigOverlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A configuration file that came beside a source, kept with the wish until the source is here.
 *
 * @param path as the caller named it
 */
record KeptConfig(
        String path,
        @SuppressWarnings("ArrayRecordComponent") byte[] content) {

    /** All files of one wish together. They lie in a row of the database until the job is queued. */
    private static final long MOST_BYTES = 1 << 20;

    /** Whether they are small enough to be kept so. */
    static boolean fit(List<ConfigOverlay> configs) {
        long bytes = 0;
        try {
            for (ConfigOverlay config : configs) {
                bytes += Files.size(config.content()) + config.path().length();
            }
        } catch (IOException failure) {
            throw new StorageUnavailable("A configuration file could not be read on the service's disk.", failure);
        }
        return bytes <= MOST_BYTES;
    }

    static List<KeptConfig> of(List<ConfigOverlay> configs) {
        try {
            List<KeptConfig> kept = new ArrayList<>();
            for (ConfigOverlay config : configs) {
                kept.add(new KeptConfig(config.path(), Files.readAllBytes(config.content())));
            }
            return kept;
        } catch (IOException failure) {
            throw new StorageUnavailable("A configuration file could not be read on the service's disk.", failure);
        }
    }

    /** As files again. */
    static List<ConfigOverlay> in(Path work, List<KeptConfig> kept) throws IOException {
        List<ConfigOverlay> configs = new ArrayList<>();
        for (KeptConfig config : kept) {
            Path file = Files.createTempFile(work, "config-", "");
            configs.add(new ConfigOverlay(config.path(), Files.write(file, config.content())));
        }
        return configs;
    }
}
