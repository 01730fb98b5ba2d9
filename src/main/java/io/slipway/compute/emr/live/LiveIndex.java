package io.slipway.compute.emr.live;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What is known of one run's folder. The driver only ever adds to it, so a listing goes on where the last one ended. */
final class LiveIndex {

    /** A stranger's folder may hold anything: more than a driver of ours writes is not looked at. */
    private static final int MOST_PIECES = 8_100;

    private static final Pattern TAIL = Pattern.compile("(\\d{2})/tail-(stdout|stderr)");

    private final SortedMap<Stream, List<LivePiece>> pieces = new TreeMap<>();
    private final Map<Stream, LiveTail.Listed> tails = new HashMap<>();
    private Instant lastSign = Instant.MIN;
    private String last = "";
    private int count;

    /** @param name of the container's file */
    record Stream(int attempt, String name) implements Comparable<Stream> {
        @Override
        public int compareTo(Stream other) {
            return attempt == other.attempt
                    ? other.name.compareTo(name) // stdout first
                    : Integer.compare(attempt, other.attempt);
        }
    }

    /** The key behind which a listing has news; empty at first. */
    String last() {
        return last;
    }

    boolean isFull() {
        return count >= MOST_PIECES;
    }

    /** All that a listing tells of one object, whatever the object is. */
    void add(S3Object object, String name) {
        if (object.lastModified().isAfter(lastSign)) {
            lastSign = object.lastModified();
        }
        Matcher tail = TAIL.matcher(name);
        if (tail.matches() && object.size() <= LiveTail.LARGEST) {
            tails.put(
                    new Stream(Integer.parseInt(tail.group(1)), tail.group(2)),
                    new LiveTail.Listed(object.key(), object.eTag()));
        } else {
            add(object.key(), name, object.size());
        }
    }

    /** When the driver put the last of what is there, by the store's clock. */
    Instant lastSign() {
        return lastSign;
    }

    /** In the order of keys. A piece that does not follow what is there is left out: what is shown has no holes. */
    private void add(String key, String name, long size) {
        List<LivePiece> found = LivePiece.of(key, name, size);
        if (found.isEmpty() || isFull()) {
            return;
        }
        last = key;
        for (LivePiece piece : found) {
            count++;
            List<LivePiece> stream =
                    pieces.computeIfAbsent(new Stream(piece.attempt(), piece.stream()), some -> new ArrayList<>());
            if (piece.offset() == end(stream)) {
                stream.add(piece);
            }
        }
    }

    static long end(List<LivePiece> stream) {
        return stream.isEmpty() ? 0 : stream.get(stream.size() - 1).end();
    }

    /**
     * One stream as it is known now.
     *
     * @param tail where its end lies when it is too long for pieces
     */
    record Known(List<LivePiece> pieces, Optional<LiveTail.Listed> tail) {}

    /** As they are now. */
    SortedMap<Stream, Known> streams() {
        SortedMap<Stream, Known> copy = new TreeMap<>();
        pieces.forEach((stream, some) -> {
            if (!some.isEmpty()) {
                copy.put(stream, new Known(List.copyOf(some), Optional.ofNullable(tails.get(stream))));
            }
        });
        return copy;
    }
}
