package io.slipway.compute.emr.live;

import io.slipway.compute.LogStream;
import io.slipway.compute.ProvisionalStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a driver has shown of one stream so far, by the offsets of the container's own file: pieces one behind the other from the first
 * byte on, and the end of a stream that is too long for that.
 */
record LiveStream(LogStream id, LiveIndex.Known known, String bucket, LivePieces store) implements ProvisionalStream {

    @Override
    public OptionalLong size() throws IOException {
        return OptionalLong.of(tail().map(LiveTail::end).orElse(shown()));
    }

    private long shown() {
        return LiveIndex.end(known.pieces());
    }

    private Optional<LiveTail> tail() throws IOException {
        if (known.tail().isEmpty()) {
            return Optional.empty();
        }
        return LiveTail.of(store.read(bucket, known.tail().get()), shown());
    }

    @Override
    public @Nullable String note() {
        String both = id.name().equals("stdout") ? HOLDS_BOTH : "";
        String cut = known.tail().isEmpty()
                ? ""
                : "The first 64 MB and the last 64 KB are here; what is between them is here when EMR has shipped it.";
        String note = (both + " " + cut).strip();
        return note.isEmpty() ? null : note;
    }

    /** The driver's last words may never have come here. */
    @Override
    public boolean isWhole(Instant endedAt) {
        return false;
    }

    @Override
    public long afterGap(long offset) throws IOException {
        return tail().map(LiveTail::start)
                .filter(start -> offset >= shown() && offset < start)
                .orElse(offset);
    }

    @Override
    public InputStream open(long offset) throws IOException {
        List<InputStream> rest = new ArrayList<>();
        known.pieces().stream()
                .filter(piece -> piece.end() > offset)
                .forEach(piece -> rest.add(new Lazy(piece, offset)));
        Optional<LiveTail> tail = tail();
        if (tail.isPresent()) {
            LiveTail end = tail.get();
            long gap = end.start() - shown();
            rest.add(new Gap(Math.max(0, offset - shown()), gap));
            int skip = (int) Math.min(end.bytes().length, Math.max(0, offset - end.start()));
            rest.add(new ByteArrayInputStream(end.bytes(), skip, end.bytes().length - skip));
        }
        return new SequenceInputStream(Collections.enumeration(rest));
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
