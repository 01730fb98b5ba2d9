package io.slipway.compute.emr.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last bytes of a stream that was too long to be shown whole, as the driver's side writes them again and again: 16 digits that tell
 * their offset in the stream, a line break, and the bytes.
 *
 * @param start in the stream
 */
record LiveTail(
        long start,
        @SuppressWarnings("ArrayRecordComponent") byte[] bytes) {

    private static final int HEAD = 17;

    /** What the driver's side keeps to; more is none of ours. */
    static final int LARGEST = HEAD + (64 << 10);

    /** A driver that claims to have printed more than this behind what it has shown is not believed. */
    private static final long LONGEST_GAP = 16L << 30;

    private static final Pattern DIGITS = Pattern.compile("\\d{16}\n");

    /** One that a listing told of; its tag changes with its content. */
    record Listed(String key, String tag) {}

    /**
     * @param shown how much of the stream is known otherwise
     * @return what the object holds behind that; nothing when it is no such object, or holds nothing new
     */
    static Optional<LiveTail> of(byte[] object, long shown) {
        if (object.length <= HEAD || object.length > LARGEST) {
            return Optional.empty();
        }
        String head = new String(object, 0, HEAD, US_ASCII);
        if (!DIGITS.matcher(head).matches()) {
            return Optional.empty();
        }
        long start = Long.parseLong(head.substring(0, HEAD - 1));
        long known = Math.max(0, shown - start);
        if (start - shown > LONGEST_GAP || known >= object.length - HEAD) {
            return Optional.empty();
        }
        return Optional.of(new LiveTail(start + known, Arrays.copyOfRange(object, HEAD + (int) known, object.length)));
    }

    long end() {
        return start + bytes.length;
    }
}
