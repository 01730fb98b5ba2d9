package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.Printable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Unpacking code that meets nonsense throws all kinds of exceptions; here they become one that tells the caller what to do. */
final class UploadStream extends FilterInputStream {

    private final EntryPath path;

    UploadStream(InputStream in, EntryPath path) {
        super(in);
        this.path = path;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            return in.read(buffer, offset, length);
        } catch (InvalidProject e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Upload.damaged(Printable.quoted(path.value()) + " cannot be unpacked");
        }
    }
}
