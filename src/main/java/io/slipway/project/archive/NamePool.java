package io.slipway.project.archive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Many short texts as UTF-8 bytes in few arrays; a {@code String} for each would take twice the memory and more. */
final class NamePool {

    private static final int CHUNK = 1 << 16;

    /** Bytes in front of each text that hold its length. */
    private static final int LENGTH = 2;

    private final List<byte[]> chunks = new ArrayList<>();
    private int end = CHUNK;

    /** Returns the offset at which the text is found again. */
    int add(byte[] text) {
        if (text.length >= CHUNK - LENGTH) {
            throw new IllegalArgumentException("names were checked to be short");
        }
        if (end + LENGTH + text.length > CHUNK) {
            chunks.add(new byte[CHUNK]);
            end = 0;
        }
        byte[] chunk = chunks.get(chunks.size() - 1);
        int at = (chunks.size() - 1) * CHUNK + end;
        chunk[end] = (byte) (text.length >> 8);
        chunk[end + 1] = (byte) text.length;
        System.arraycopy(text, 0, chunk, end + LENGTH, text.length);
        end += LENGTH + text.length;
        return at;
    }

    String text(int at) {
        return text(at, 0);
    }

    /** @param from bytes that are left out at the beginning */
    String text(int at, int from) {
        int start = start(at);
        return new String(chunk(at), start + from, length(at) - from, StandardCharsets.UTF_8);
    }

    /** By the bytes, unsigned: the order of Unicode's code points. */
    int compare(int one, int other) {
        int start = start(one);
        return Arrays.compareUnsigned(
                chunk(one), start, start + length(one), chunk(other), start(other), start(other) + length(other));
    }

    int compare(int at, byte[] text) {
        int start = start(at);
        return Arrays.compareUnsigned(chunk(at), start, start + length(at), text, 0, text.length);
    }

    boolean startsWith(int at, byte[] prefix) {
        int start = start(at);
        return length(at) >= prefix.length
                && Arrays.equals(chunk(at), start, start + prefix.length, prefix, 0, prefix.length);
    }

    boolean endsWith(int at, byte[] suffix) {
        int stop = start(at) + length(at);
        return length(at) >= suffix.length
                && Arrays.equals(chunk(at), stop - suffix.length, stop, suffix, 0, suffix.length);
    }

    private byte[] chunk(int at) {
        return chunks.get(at / CHUNK);
    }

    private static int start(int at) {
        return at % CHUNK + LENGTH;
    }

    private int length(int at) {
        byte[] chunk = chunk(at);
        int offset = at % CHUNK;
        return (chunk[offset] & 0xFF) << 8 | chunk[offset + 1] & 0xFF;
    }
}
