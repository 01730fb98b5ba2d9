package io.slipway.project.archive;

import io.slipway.project.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** The beginnings of a few sources of an upload, before it is known which of its files are the project. */
final class SourceTexts implements IntFunction<String> {

    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final int MAX_BYTES = 4 << 20;

    private final EntryTable table;
    private final Upload upload;
    private final Spool spool;
    private final Map<Integer, String> read = new HashMap<>();
    private int left = MAX_BYTES;

    SourceTexts(Upload upload, Spool spool) {
        this.table = upload.entries();
        this.upload = upload;
        this.spool = spool;
    }

    @Override
    public String apply(int row) {
        String known = read.get(row);
        if (known != null) {
            return known;
        }
        String text = left <= 0 ? "" : text(table.isCopy(row) ? table.original(row) : row);
        left -= text.length();
        read.put(row, text);
        return text;
    }

    private String text(int row) {
        try {
            if (!table.isRead(row)) {
                table.content(row, upload.read(row));
            }
            Content content = table.content(row);
            RandomBytes uploaded = upload.bytes();
            RandomBytes file = uploaded == null || content.source() == Content.Source.SPOOL ? spool.bytes() : uploaded;
            try (InputStream in = ZipContents.unpacked(file, content)) {
                return new String(in.readNBytes(Math.min(MAX_FILE_BYTES, left)), StandardCharsets.UTF_8);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
