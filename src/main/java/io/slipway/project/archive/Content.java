package io.slipway.project.archive;

/**
 * The bytes of one file, and where they lie in compressed form.
 *
 * @param method of zip: stored or deflated
 * @param sha256 of the unpacked bytes, lower-case hex; empty while they are only announced
 * @param beginning of the unpacked bytes; {@link Beginning#ANY} while they are only announced
 * @param at where the compressed bytes begin in their source; of a zip's entry that was not read yet, its local header
 */
record Content(
        int method,
        long size,
        long compressedSize,
        long crc,
        String sha256,
        Beginning beginning,
        Source source,
        long at) {

    /** The files in which compressed bytes lie. */
    enum Source {
        UPLOAD,
        SPOOL,
        /** The project's own zip, once it was written. */
        PROJECT
    }

    Content movedTo(Source newSource, long newAt) {
        return new Content(method, size, compressedSize, crc, sha256, beginning, newSource, newAt);
    }
}
