package io.slipway.project.archive;

import io.slipway.project.Finding;
import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.RandomBytes;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller sent, in any of the accepted formats, as a table of entries. It must stay open while contents are read. */
interface Upload extends Closeable {

    EntryTable entries();

    /** Whether {@link ProjectZip} wrote it: nothing is left out or stripped a second time. */
    default boolean isNormalised() {
        return false;
    }

    /** Whether the later of two entries of one path is meant, as in a tar to which files were appended. */
    default boolean laterWins() {
        return false;
    }

    /** What is to be said of the archive itself. */
    default List<Finding> findings() {
        return List.of();
    }

    /** Reads and checks the content of a file that was only announced so far. */
    default Content read(int row) throws IOException {
        throw new IllegalStateException("everything was read");
    }

    /** In which contents lie whose source is the upload; {@code null} when none does. */
    default @Nullable RandomBytes bytes() {
        return null;
    }

    /** Decides by the first bytes, and by the name only for Python source, which has none of its own. */
    static Upload open(HeldBytes file, String fileName, ReadBudget budget, Spool spool) throws IOException {
        return switch (UploadFormat.of(file, fileName)) {
            case ZIP -> ZipUpload.open(file, budget, spool);
            case TAR -> TarUpload.read(file, Compression.NONE, budget, spool);
            case TAR_GZ -> TarUpload.read(file, Compression.GZIP, budget, spool);
            case TAR_BZ2 -> TarUpload.read(file, Compression.BZIP2, budget, spool);
            case TAR_XZ -> TarUpload.read(file, Compression.XZ, budget, spool);
            case TAR_ZST -> TarUpload.read(file, Compression.ZSTD, budget, spool);
            case PYTHON -> PythonUpload.read(file, fileName, budget, spool);
        };
    }

    static InvalidProject damaged(String what) {
        return new InvalidProject(
                Problem.DAMAGED_ARCHIVE,
                "The archive is damaged or was cut off: %s. Pack the project again and send the whole file."
                        .formatted(what));
    }

    /** For entries that are neither file, folder nor link. */
    static InvalidProject special(EntryPath path) {
        return new InvalidProject(
                Problem.UNSAFE_PATH,
                "%s is a device, pipe or socket; a project holds only files and folders, take it out."
                        .formatted(Printable.quoted(path.value())));
    }
}
