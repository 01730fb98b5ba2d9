package io.slipway.project;

import io.slipway.project.UploadEntry.ContentReader;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;

/** Reads each content once, also when links made copies of it; the copies are counted like files. */
final class ContentsOnce {

    private final Map<ContentReader, Content> read = new IdentityHashMap<>();
    private final ReadBudget budget;

    ContentsOnce(ReadBudget budget) {
        this.budget = budget;
    }

    Content of(ContentReader reader) throws IOException {
        Content known = read.get(reader);
        if (known != null) {
            // A hostile stream can be long and unpack to nothing.
            budget.copied(Math.max(known.size(), known.compressedSize()));
            return known;
        }
        Content content = reader.read();
        read.put(reader, content);
        return content;
    }
}
