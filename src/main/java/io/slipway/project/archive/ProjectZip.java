package io.slipway.project.archive;

import io.slipway.project.HoldingStream;
import io.slipway.project.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.PrimitiveIterator;
import java.util.zip.ZipEntry;

/**
 * Writes the one form in which projects are stored: sorted, every folder with an entry of its own (Python's import from a zip and
 * some unzip tools need them), one time, two modes, UTF-8 names. The archive's comment marks it, so that the same project sent or
 * read again keeps its folders and its id.
 */
final class ProjectZip {

    private static final String MARK = "slipway-project/1";

    /** Length of the record at the end of every zip, up to its comment. */
    private static final int END_RECORD = 22;

    private static final byte[] END_SIGNATURE = {'P', 'K', 5, 6};

    private static final int FOLDER_MODE = 040755;
    private static final int FILE_MODE = 0100644;
    private static final int EXECUTABLE_MODE = 0100755;

    private static final Content FOLDER =
            new Content(ZipEntry.STORED, 0, 0, 0, "", Beginning.ANY, Content.Source.PROJECT, 0);

    private ProjectZip() {}

    /** Writes all that is part of the project, and notes in its table where each content lies from then on. */
    static void write(HoldingStream target, ProjectTree tree, Sources sources) throws IOException {
        try (ZipWriter zip = new ZipWriter(target)) {
            PrimitiveIterator.OfInt rows = tree.written().iterator();
            while (rows.hasNext()) {
                write(zip, tree, rows.nextInt(), sources);
            }
            rows = tree.written().iterator();
            while (rows.hasNext()) {
                int row = rows.nextInt();
                zip.list(name(tree, row), mode(tree.table(), row), tree.table().content(row));
            }
            zip.end(MARK);
        }
    }

    /** Finds the files in which contents lie. */
    interface Sources {
        RandomBytes of(Content.Source source) throws IOException;
    }

    private static void write(ZipWriter zip, ProjectTree tree, int row, Sources sources) throws IOException {
        EntryTable table = tree.table();
        if (table.isFolder(row)) {
            table.content(row, zip.add(name(tree, row), FOLDER, InputStream.nullInputStream()));
            return;
        }
        Content content = table.content(row);
        RandomBytes source = sources.of(content.source());
        table.content(
                row, zip.add(name(tree, row), content, new BytesSlice(source, content.at(), content.compressedSize())));
    }

    private static String name(ProjectTree tree, int row) {
        return tree.path(row) + (tree.table().isFolder(row) ? "/" : "");
    }

    private static int mode(EntryTable table, int row) {
        if (table.isFolder(row)) {
            return FOLDER_MODE;
        }
        return table.isExecutable(row) ? EXECUTABLE_MODE : FILE_MODE;
    }

    static boolean isNormalised(RandomBytes zip) throws IOException {
        int length = END_RECORD + MARK.length();
        if (zip.size() < length) {
            return false;
        }
        byte[] end = new BytesSlice(zip, zip.size() - length, length).readNBytes(length);
        String text = new String(end, StandardCharsets.ISO_8859_1);
        return text.startsWith(new String(END_SIGNATURE, StandardCharsets.ISO_8859_1)) && text.endsWith(MARK);
    }
}
