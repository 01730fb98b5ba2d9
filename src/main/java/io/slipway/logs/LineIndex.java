package io.slipway.logs;

import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * How many line breaks lie before each block of a log, as far as somebody needed to know. A log only grows, so what was counted
 * stays true; 8 bytes are kept for each block.
 */
final class LineIndex {

    private static final int BLOCK = 256 * 1024;
    private static final int BLOCKS_A_READ = 16;

    private long[] before = new long[64];
    private int blocks;

    /**
     * Line breaks before a position.
     *
     * @param budget at most this many bytes are read
     * @return empty when the budget did not suffice; the next call goes on from there
     */
    synchronized OptionalLong breaksBefore(LogBytes log, long position, long budget) throws IOException {
        int block = Math.toIntExact(position / BLOCK);
        if (!extend(log, block, budget)) {
            return OptionalLong.empty();
        }
        byte[] rest = log.read((long) block * BLOCK, (int) (position % BLOCK));
        return OptionalLong.of(before[block] + breaks(rest, 0, rest.length));
    }

    /**
     * The position of a line's first byte, or of the last line's when there are fewer.
     *
     * @param line from 1
     */
    synchronized long positionOf(LogBytes log, long line) throws IOException {
        int block = 0;
        while (before[block] < line - 1 && hasBlock(log, block + 1)) {
            if (!extend(log, block + 1, Long.MAX_VALUE) || before[block + 1] >= line) {
                break;
            }
            block++;
        }
        return positionWithin(log, block, line - 1 - before[block]);
    }

    private static boolean hasBlock(LogBytes log, int block) throws IOException {
        return (long) block * BLOCK < log.size();
    }

    private static long positionWithin(LogBytes log, int block, long skip) throws IOException {
        long start = (long) block * BLOCK;
        byte[] bytes = log.read(start, BLOCK);
        long left = skip;
        int at = 0;
        int lineStart = 0;
        while (left > 0 && at < bytes.length) {
            if (bytes[at++] == '\n') {
                left--;
                lineStart = at;
            }
        }
        return start + lineStart;
    }

    /** Counts up to the beginning of a block. */
    private boolean extend(LogBytes log, int block, long budget) throws IOException {
        long left = budget;
        while (blocks < block) {
            int wanted = Math.min(BLOCKS_A_READ, block - blocks);
            left -= (long) wanted * BLOCK;
            if (left < 0) {
                return false;
            }
            byte[] bytes = log.read((long) blocks * BLOCK, wanted * BLOCK);
            if (bytes.length < wanted * BLOCK) {
                return false;
            }
            if (blocks + wanted >= before.length) {
                before = Arrays.copyOf(before, Math.max(before.length * 2, blocks + wanted + 1));
            }
            for (int each = 0; each < wanted; each++) {
                before[blocks + 1] = before[blocks] + breaks(bytes, each * BLOCK, (each + 1) * BLOCK);
                blocks++;
            }
        }
        return true;
    }

    private static long breaks(byte[] bytes, int from, int to) {
        int count = 0;
        for (int at = from; at < to; at++) {
            count += bytes[at] == '\n' ? 1 : 0;
        }
        return count;
    }
}
