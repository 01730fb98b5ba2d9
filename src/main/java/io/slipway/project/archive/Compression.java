package io.slipway.project.archive;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/** In what a tar is packed. What a decompressor needs is told before it is made, because an upload chooses how much that is. */
enum Compression {
    NONE("tar", 0),
    GZIP("gzip", 0),
    BZIP2("bzip2", 8),
    XZ("xz", Compression.LARGEST_WINDOW + 2),
    ZSTD("zstd", Compression.LARGEST_WINDOW + 2);

    /** In MB; xz -9 and zstd --long=26 need this much. */
    static final int LARGEST_WINDOW = 64;

    private static final int LARGEST_WINDOW_LOG = 26;
    private static final long WINDOW_TOO_LARGE = 16;

    private final String title;
    private final int megabytes;

    Compression(String title, int megabytes) {
        this.title = title;
        this.megabytes = megabytes;
    }

    String title() {
        return title;
    }

    /** How much is held while it is unpacked. */
    int megabytes() {
        return megabytes;
    }

    InputStream unpacked(CompressedBytes in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GzipMembers(in);
            case BZIP2 -> new Bzip2Members(in);
            case XZ -> new Windowed(xz(in, new OneWindow()));
            case ZSTD -> new Windowed(zstd(in));
        };
    }

    static InputStream xz(InputStream in, ArrayCache windows) throws IOException {
        return new XZInputStream(in, (LARGEST_WINDOW + 1) << 10, true, windows);
    }

    private static InputStream zstd(CompressedBytes in) throws IOException {
        return zstdOf(new ZstdFrames(in));
    }

    static InputStream zstdOf(InputStream frames) throws IOException {
        try {
            return new ZstdInputStreamNoFinalizer(frames).setLongMax(LARGEST_WINDOW_LOG);
        } catch (LinkageError noLibrary) {
            throw new InvalidProject(
                    Problem.NOT_AN_ARCHIVE,
                    "This service cannot read zstd on its system; send the project as .zip or .tar.gz.");
        }
    }

    static InvalidProject windowTooLarge() {
        return new InvalidProject(
                Problem.ARCHIVE_TOO_LARGE,
                "Unpacking needs a window of more than %d MB; pack with xz -9 or less, or with zstd without --ultra and --long above %d."
                        .formatted(LARGEST_WINDOW, LARGEST_WINDOW_LOG));
    }

    /** Says when the upload wants more memory than it may have. */
    static final class Windowed extends FilterInputStream {

        Windowed(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return in.read(target, offset, length);
            } catch (MemoryLimitException e) {
                throw windowTooLarge();
            } catch (ZstdIOException e) {
                if (e.getErrorCode() == WINDOW_TOO_LARGE) {
                    throw windowTooLarge();
                }
                throw e;
            }
        }
    }

    /** Gives the same window to one block of xz after the other; an upload of many small ones would make as many windows. */
    static final class OneWindow extends ArrayCache {

        /** What is smaller is no window. */
        private static final int SMALLEST = 1 << 17;

        private static final byte[] NONE = {};

        private byte[] window = NONE;

        @Override
        public byte[] getByteArray(int size, boolean fillWithZeros) {
            if (size <= SMALLEST || fillWithZeros) {
                return new byte[size];
            }
            byte[] found = window;
            window = NONE;
            return found.length >= size ? found : new byte[size];
        }

        @Override
        public void putArray(byte[] array) {
            if (array.length > Math.max(SMALLEST, window.length)) {
                window = array;
            }
        }
    }
}
