package io.slipway.compute.emr.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes of one stream that lie in an object, whose name tells which they are: {@code 02/00000017-stdout-0000000000001024-512}, and on with
 * {@code -stderr-…} for a second stream behind them.
 *
 * @param attempt of the YARN application
 * @param stream {@code stdout} or {@code stderr} of the driver's container
 * @param offset in the stream
 * @param position in the object
 */
record LivePiece(String key, int attempt, String stream, long offset, int length, int position) {

    /** What the driver's side keeps to; more is none of ours. */
    static final int LARGEST_OBJECT = 1 << 20;

    private static final Pattern NAME =
            Pattern.compile("(\\d{2})/\\d{8}((?:-(?:stdout|stderr)-\\d{16}-\\d{1,7}){1,2})");
    private static final Pattern PART = Pattern.compile("-(stdout|stderr)-(\\d{16})-(\\d{1,7})");

    /**
     * @param name of the object below the run's folder
     * @return nothing for what is no such object, or has not the size that its name tells
     */
    static List<LivePiece> of(String key, String name, long size) {
        Matcher whole = NAME.matcher(name);
        if (!whole.matches() || size > LARGEST_OBJECT) {
            return List.of();
        }
        List<LivePiece> pieces = new ArrayList<>();
        Matcher part = PART.matcher(whole.group(2));
        int position = 0;
        while (part.find()) {
            int length = Integer.parseInt(part.group(3));
            pieces.add(new LivePiece(
                    key,
                    Integer.parseInt(whole.group(1)),
                    part.group(1),
                    Long.parseLong(part.group(2)),
                    length,
                    position));
            position += length;
        }
        boolean isWhole = position == size;
        boolean isTwice = pieces.size()
                != Set.copyOf(pieces.stream().map(LivePiece::stream).toList()).size();
        return isWhole && !isTwice ? pieces : List.of();
    }

    long end() {
        return offset + length;
    }
}
