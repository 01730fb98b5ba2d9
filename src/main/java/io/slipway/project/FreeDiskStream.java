package io.slipway.project;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a file as long as enough of the disk stays free. How long a file becomes is known beforehand neither of an upload without a
 * length nor of what an archive unpacks to, and many are written at once.
 */
public final class FreeDiskStream extends FilterOutputStream {

    /** Asking costs a call of the system; what is written in between by all uploads at once is little. */
    private static final long BETWEEN_LOOKS = 16L << 20;

    private final Path folder;
    private final long mustStayFree;
    private long untilLook;

    /**
     * @param folder on the disk that is meant
     * @param mustStayFree bytes; {@link DiskFull} is thrown when less is free
     */
    public FreeDiskStream(OutputStream out, Path folder, long mustStayFree) {
        super(out);
        this.folder = folder;
        this.mustStayFree = mustStayFree;
        this.untilLook = BETWEEN_LOOKS;
    }

    @Override
    public void write(int one) throws IOException {
        count(1);
        out.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        count(length);
        out.write(bytes, offset, length);
    }

    private void count(int bytes) throws IOException {
        untilLook -= bytes;
        if (untilLook < 0) {
            untilLook = BETWEEN_LOOKS;
            if (Files.getFileStore(folder).getUsableSpace() < mustStayFree) {
                throw new DiskFull();
            }
        }
    }
}
