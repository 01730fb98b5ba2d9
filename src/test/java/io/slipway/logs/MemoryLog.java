package io.slipway.logs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A log that grows when a test says so. */
final class MemoryLog implements LogBytes {

    private byte[] bytes = {};

    MemoryLog(String text) {
        print(text);
    }

    void print(String more) {
        byte[] added = more.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(bytes, bytes.length + added.length);
        System.arraycopy(added, 0, all, bytes.length, added.length);
        bytes = all;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public byte[] read(long position, int length) {
        int from = (int) Math.min(position, bytes.length);
        return Arrays.copyOfRange(bytes, from, (int) Math.min(bytes.length, position + length));
    }
}
