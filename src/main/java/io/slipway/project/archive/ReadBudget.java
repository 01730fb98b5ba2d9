package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;

/** Counts what one upload unpacks to while it is read, and stops the reading at the limits. */
public final class ReadBudget {

    private final ArchiveLimits limits;
    private final InspectionMemory.Share memory;
    private long unpacked;
    private int entries;
    private int folders;
    private long names;

    public ReadBudget(ArchiveLimits limits, InspectionMemory.Share memory) {
        this.limits = limits;
        this.memory = memory;
    }

    void entry() {
        entries++;
        checkEntries();
    }

    /** One without an entry of its own. */
    void impliedFolder() {
        folders++;
        checkEntries();
    }

    private void checkEntries() {
        if (entries + Math.max(0, folders - limits.freeFolders()) > limits.maxEntries()) {
            throw tooManyEntries();
        }
    }

    /** One more name that is kept, of so many bytes. */
    void names(int bytes) {
        names += bytes;
        if (names > ArchiveLimits.MAX_NAME_BYTES) {
            throw new InvalidProject(
                    Problem.ARCHIVE_TOO_LARGE,
                    "The paths of all files and folders together are longer than %,d bytes; leave out what the job does not need."
                            .formatted(ArchiveLimits.MAX_NAME_BYTES));
        }
        memory.holds(entries + folders, names);
    }

    /** What is unpacked next takes some megabytes while it is. */
    void largeBuffers() {
        memory.outgrow();
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

    private InvalidProject tooManyEntries() {
        return new InvalidProject(
                Problem.ARCHIVE_TOO_LARGE,
                "The archive has more than %,d entries, folders included; leave out what the job does not need."
                        .formatted(limits.maxEntries()));
    }
}
