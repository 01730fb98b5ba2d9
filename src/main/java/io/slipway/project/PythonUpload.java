package io.slipway.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A single Python file: a project of one. */
record PythonUpload(List<UploadEntry> entries) implements Upload {

    static Upload read(Path file, String fileName, ReadBudget budget, Spool spool) throws IOException {
        // Some browsers and curl on Windows send the whole path.
        String slashed = fileName.replace('\\', '/');
        EntryPath path = EntryPath.of(slashed.substring(slashed.lastIndexOf('/') + 1));
        try (InputStream in = Files.newInputStream(file)) {
            Content content = spool.deflate(in, budget::copied);
            return new PythonUpload(List.of(UploadEntry.file(path, false, () -> content)));
        }
    }

    @Override
    public void close() {
        // The content is in the spool.
    }
}
