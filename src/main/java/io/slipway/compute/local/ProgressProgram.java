package io.slipway.compute.local;

import io.slipway.compute.PythonArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells how far Spark is with a run of this machine; each run keeps the program that it was started with. */
final class ProgressProgram {

    private static final byte[] CONTENT = new PythonArchive()
            .withSpark()
            .with("__main__.py", PythonArchive.resource(ProgressProgram.class, "progress.py"))
            .content();

    private ProgressProgram() {}

    static Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("progress.zip"), CONTENT);
    }
}
