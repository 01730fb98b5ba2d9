package io.slipway.compute.emr.live;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is known of one run's folder. The driver only ever adds to it, so a listing goes on where the last one ended. */
final class LiveIndex {

    /** A stranger's folder may hold anything: more than a driver of ours writes is not looked at. */
    private static final int MOST_PIECES = 8_100;

    private final SortedMap<Stream, List<LivePiece>> pieces = new TreeMap<>();
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

    /** In the order of keys. A piece that does not follow what is there is left out: what is shown has no holes. */
    void add(String key, String name, long size) {
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

    /** As they are now. */
    SortedMap<Stream, List<LivePiece>> streams() {
        SortedMap<Stream, List<LivePiece>> copy = new TreeMap<>();
        pieces.forEach((stream, some) -> {
            if (!some.isEmpty()) {
                copy.put(stream, List.copyOf(some));
            }
        });
        return copy;
    }
}
