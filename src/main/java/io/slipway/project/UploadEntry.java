package io.slipway.project;

import java.io.IOException;

/**
 * One entry of an archive whose name was checked and whose content was perhaps not read yet.
 *
 * @param linkTarget of a link: as written, with forward slashes; otherwise empty
 */
record UploadEntry(EntryPath path, Kind kind, boolean executable, String linkTarget, ContentReader content) {

    enum Kind {
        FILE,
        FOLDER,
        /** Its target counts from the link's own folder. */
        SYMBOLIC_LINK,
        /** Its target counts from the archive's root. */
        HARD_LINK
    }

    /** Reads the whole content once and checks it. */
    interface ContentReader {
        Content read() throws IOException;
    }

    static UploadEntry file(EntryPath path, boolean executable, ContentReader content) {
        return new UploadEntry(path, Kind.FILE, executable, "", content);
    }

    static UploadEntry folder(EntryPath path) {
        return new UploadEntry(path, Kind.FOLDER, false, "", UploadEntry::none);
    }

    static UploadEntry link(EntryPath path, Kind kind, String target) {
        return new UploadEntry(path, kind, false, target.replace('\\', '/'), UploadEntry::none);
    }

    boolean isLink() {
        return kind == Kind.SYMBOLIC_LINK || kind == Kind.HARD_LINK;
    }

    private static Content none() {
        throw new IllegalStateException("only files have content");
    }
}
