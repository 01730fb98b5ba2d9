package io.slipway.compute.local;

import io.slipway.project.EntryPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file that spark-submit is given for an entry point that is a module. */
final class ModuleRunner {

    private static final String NAME = "run_module.py";

    private ModuleRunner() {}

    static Path in(Path folder) {
        return folder.resolve(NAME);
    }

    static void write(EntryPoint entry, Path folder) throws IOException {
        if (!entry.isModule()) {
            return;
        }
        try (InputStream resource = ModuleRunner.class.getResourceAsStream(NAME)) {
            if (resource == null) {
                throw new IllegalStateException(NAME + " is missing from the jar");
            }
            Files.copy(resource, in(folder), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
