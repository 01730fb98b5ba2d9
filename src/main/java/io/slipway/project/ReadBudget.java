package io.slipway.project;

import io.slipway.project.InvalidProject.Problem;

/** Counts what one upload unpacks to while it is read, and stops the reading at the limits. */
final class ReadBudget {

    private final ArchiveLimits limits;
    private long unpacked;
    private int entries;

    ReadBudget(ArchiveLimits limits) {
        this.limits = limits;
    }

    int maxEntries() {
        return limits.maxEntries();
    }

    void entry() {
        entries(1);
    }

    void entries(int count) {
        entries += count;
        if (entries > limits.maxEntries()) {
            throw tooManyEntries();
        }
    }

    /** @param compressed bytes of the upload that these unpacked bytes, and all before them, came from */
    void unpacked(long bytes, long compressed) {
        copied(bytes);
        within(unpacked, compressed);
    }

    /** Bytes that did not come out of an archive: overlays, and copies made for links. */
    void copied(long bytes) {
        unpacked += bytes;
        if (unpacked > limits.maxUnpackedBytes()) {
            throw new InvalidProject(
                    Problem.ARCHIVE_TOO_LARGE,
                    "The project unpacks to more than %,d bytes; send less, or have the operator raise the limit."
                            .formatted(limits.maxUnpackedBytes()));
        }
    }

    /** Refuses what grew more than the allowed ratio. */
    void within(long unpackedBytes, long compressed) {
        long beyond = unpackedBytes - limits.ratioFreeBytes();
        if (beyond > 0 && beyond / limits.maxRatio() > compressed) {
            throw new InvalidProject(
                    Problem.ARCHIVE_TOO_LARGE,
                    "The archive unpacks to more than %d times its size, as zip bombs do; leave out generated data."
                            .formatted(limits.maxRatio()));
        }
    }

    InvalidProject tooManyEntries() {
        return new InvalidProject(
                Problem.ARCHIVE_TOO_LARGE,
                "The archive has more than %,d entries; leave out what the job does not need."
                        .formatted(limits.maxEntries()));
    }
}
