package io.slipway.project.archive;

import io.slipway.project.HoldingStream;
import io.slipway.project.RandomBytes;
import io.slipway.project.WorkFolder;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Into which contents are deflated one after the other as they come; it goes away with its owner, and is made for the first of them. A tar is
 * not in the order in which the project is written, and can be read only once.
 */
final class Spool implements Closeable {

    /** Fastest: the copy to the store and the cluster waits for it, and the disk gains little from more. */
    private static final int LEVEL = 1;

    private final WorkFolder workFolder;
    private final long mustStayFree;
    private @Nullable Opened opened;
    private long end;

    /** @param mustStayFree bytes of the disk */
    Spool(WorkFolder workFolder, long mustStayFree) {
        this.workFolder = workFolder;
        this.mustStayFree = mustStayFree;
    }

    /** What most zips never need. */
    private static final class Opened implements Closeable {

        private final HoldingStream held;
        private final OutputStream out;
        private final Deflater deflater = new Deflater(LEVEL, true);
        private final byte[] in = new byte[1 << 16];
        private final byte[] deflated = new byte[1 << 16];

        Opened(WorkFolder workFolder, long mustStayFree) {
            held = new HoldingStream(workFolder, mustStayFree);
            out = new BufferedOutputStream(held, 1 << 16);
        }

        /** Returns how many bytes came out. */
        long drain() throws IOException {
            long drained = 0;
            for (int length = deflater.deflate(deflated); length > 0; length = deflater.deflate(deflated)) {
                out.write(deflated, 0, length);
                drained += length;
            }
            return drained;
        }

        @Override
        public void close() throws IOException {
            deflater.end();
            held.discard();
        }
    }

    private Opened opened() {
        Opened spool = opened;
        if (spool == null) {
            spool = new Opened(workFolder, mustStayFree);
            opened = spool;
        }
        return spool;
    }

    /** @param counted gets each number of bytes before they are kept, and may refuse by an exception */
    Content deflate(InputStream content, LongConsumer counted) throws IOException {
        Opened spool = opened();
        long start = end;
        ContentHash fingerprint = new ContentHash();
        spool.deflater.reset();
        for (int read = content.read(spool.in); read >= 0; read = content.read(spool.in)) {
            counted.accept(read);
            fingerprint.update(spool.in, read);
            spool.deflater.setInput(spool.in, 0, read);
            end += spool.drain();
        }
        spool.deflater.finish();
        end += spool.drain();
        return new Content(
                ZipEntry.DEFLATED,
                fingerprint.size(),
                end - start,
                fingerprint.crc(),
                fingerprint.digest(),
                fingerprint.beginning(),
                Content.Source.SPOOL,
                start);
    }

    /** Compressed bytes of another file as they are. */
    Content copy(RandomBytes from, Content content) throws IOException {
        OutputStream out = opened().out;
        out.flush();
        long start = end;
        try (InputStream bytes = new BytesSlice(from, content.at(), content.compressedSize())) {
            end += bytes.transferTo(out);
        }
        if (end - start != content.compressedSize()) {
            throw new IOException("a content that was read before is shorter now");
        }
        return content.movedTo(Content.Source.SPOOL, start);
    }

    /** All that was deflated until now. */
    RandomBytes bytes() throws IOException {
        Opened spool = opened();
        spool.out.flush();
        return spool.held;
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }
}
