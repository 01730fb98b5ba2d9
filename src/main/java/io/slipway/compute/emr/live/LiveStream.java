package io.slipway.compute.emr.live;

import io.slipway.compute.LogStream;
import io.slipway.compute.RunStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a driver has shown of one stream so far, by the offsets of the container's own file.
 *
 * @param pieces one behind the other from the first byte on; at least one
 */
record LiveStream(LogStream id, List<LivePiece> pieces, String bucket, LivePieces store) implements RunStream {

    /** Where the driver's side stops to show all. */
    private static final long SHOWN = 64L << 20;

    @Override
    public OptionalLong size() {
        return OptionalLong.of(LiveIndex.end(pieces));
    }

    @Override
    public @Nullable String note() {
        String both = id.name().equals("stdout") ? HOLDS_BOTH : "";
        String cut = LiveIndex.end(pieces) < SHOWN
                ? ""
                : "The first 64 MB are here; the rest is there when EMR has shipped it.";
        String note = (both + " " + cut).strip();
        return note.isEmpty() ? null : note;
    }

    /** The driver's last words may never have come here. */
    @Override
    public boolean isWhole(Instant endedAt) {
        return false;
    }

    @Override
    public InputStream open(long offset) {
        Iterator<LivePiece> rest =
                pieces.stream().filter(piece -> piece.end() > offset).iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return rest.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return new Lazy(rest.next(), offset);
            }
        });
    }

    /** Fetched with its first byte. */
    private final class Lazy extends InputStream {

        private final LivePiece piece;
        private final long from;
        private @Nullable InputStream bytes;

        Lazy(LivePiece piece, long from) {
            this.piece = piece;
            this.from = from;
        }

        private InputStream bytes() throws IOException {
            InputStream opened = bytes;
            if (opened == null) {
                byte[] content = store.read(bucket, piece);
                int skip = (int) Math.max(0, from - piece.offset());
                opened = new ByteArrayInputStream(content, skip, content.length - skip);
                bytes = opened;
            }
            return opened;
        }

        @Override
        public int read() throws IOException {
            return bytes().read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return bytes().read(buffer, offset, length);
        }
    }
}
