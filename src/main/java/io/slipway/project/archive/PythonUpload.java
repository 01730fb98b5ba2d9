package io.slipway.project.archive;

import io.slipway.project.HeldBytes;
import java.io.IOException;
import java.io.InputStream;

/** A single Python file: a project of one. */
public record PythonUpload(EntryTable entries) implements Upload {

    static Upload read(HeldBytes file, String fileName, ReadBudget budget, Spool spool) throws IOException {
        // Some browsers and curl on Windows send the whole path.
        String slashed = fileName.replace('\\', '/');
        EntryPath path = EntryPath.of(slashed.substring(slashed.lastIndexOf('/') + 1));
        EntryTable entries = new EntryTable(budget);
        try (InputStream in = file.open()) {
            entries.content(entries.file(path, false), spool.deflate(in, budget::copied));
        }
        return new PythonUpload(entries);
    }

    @Override
    public void close() {
        // The content is in the spool.
    }
}
