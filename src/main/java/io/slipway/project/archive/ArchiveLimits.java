package io.slipway.project.archive;

/**
 * How much an upload may unpack to. All of them are held against what was really read, never against what a header promises.
 *
 * @param maxUnpackedBytes sum of the sizes of all files of the project, overlays and copies made for links included
 * @param maxEntries entries of an archive, those that are left out included, and folders that have no entry but lie on the way to one
 *     (beyond a tenth of the limit)
 * @param maxRatio unpacked bytes for each byte that was sent, of the whole archive and of each entry of a zip
 * @param ratioFreeBytes unpacked bytes to which the ratio does not apply; a table that repeats itself is no bomb
 * @param mustStayFree bytes of the work folder's disk; what would leave less is not written
 */
public record ArchiveLimits(
        long maxUnpackedBytes, int maxEntries, int maxRatio, long ratioFreeBytes, long mustStayFree) {

    public static final long DEFAULT_MAX_UNPACKED_BYTES = 10L << 30;
    public static final int DEFAULT_MAX_ENTRIES = 100_000;
    public static final int DEFAULT_MAX_RATIO = 200;
    public static final long DEFAULT_RATIO_FREE_BYTES = 1L << 30;

    /** Of all paths together, folders' and links' included; beyond that a hundred thousand names are no names any more. */
    public static final int MAX_NAME_BYTES = 16 << 20;

    public static final ArchiveLimits DEFAULTS = new ArchiveLimits(
            DEFAULT_MAX_UNPACKED_BYTES, DEFAULT_MAX_ENTRIES, DEFAULT_MAX_RATIO, DEFAULT_RATIO_FREE_BYTES);

    public ArchiveLimits(long maxUnpackedBytes, int maxEntries, int maxRatio, long ratioFreeBytes) {
        this(maxUnpackedBytes, maxEntries, maxRatio, ratioFreeBytes, 0);
    }

    public ArchiveLimits {
        if (maxUnpackedBytes <= 0 || maxEntries <= 0 || maxRatio <= 0 || ratioFreeBytes < 0) {
            throw new IllegalArgumentException("limits of an archive must be positive");
        }
    }

    /** So many folders that have no entry of their own are not counted: an archive at the limit has its files in some. */
    int freeFolders() {
        return maxEntries / 10;
    }
}
