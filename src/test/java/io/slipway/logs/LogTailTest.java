package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.LogStream;
import io.slipway.compute.RunStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The last lines of logs of any size, and how little of them is in memory. */
class LogTailTest {

    private static final int MOST_IN_MEMORY = 512 * 1024;

    private final Random random = new Random(9);

    @Test
    void isWhatTheLinesAreWhereverTheyLie() throws IOException {
        for (int turn = 0; turn < 60; turn++) {
            byte[] log = log(random.nextInt(4) * random.nextInt(60_000), 1 + random.nextInt(90_000));
            for (int lines : new int[] {0, 1, 2, 7, 100, 100_000}) {
                byte[] wanted = lastLines(log, lines);
                assertThat(bytes(LogTail.of(new Kept(log), lines, LogTail.MOST_BYTES), log))
                        .isEqualTo(wanted);
                assertThat(bytes(LogTail.of(new Stream(log, true), lines, LogTail.MOST_BYTES), log))
                        .isEqualTo(wanted);
                assertThat(bytes(LogTail.of(new Stream(log, false), lines, LogTail.MOST_BYTES), log))
                        .isEqualTo(wanted);
            }
        }
    }

    /** 50 readers of 8 MB each, who take it slowly, stopped a service of 512 MB. */
    @Test
    void holdsAPieceOfALongTailHoweverSlowlyItIsTaken() throws IOException {
        byte[] log = log(12 << 20, 9 << 20);
        byte[] wanted = Arrays.copyOfRange(log, log.length - LogTail.MOST_BYTES, log.length);
        Kept kept = new Kept(log);
        assertThat(bytes(LogTail.of(kept, 100_000, LogTail.MOST_BYTES), log)).isEqualTo(wanted);
        assertThat(kept.largest).isLessThanOrEqualTo(MOST_IN_MEMORY);
        for (boolean isSizeKnown : new boolean[] {true, false}) {
            Stream stream = new Stream(log, isSizeKnown);
            try (LogPage page = LogTail.of(stream, 100_000, LogTail.MOST_BYTES)) {
                assertThat(stream.read).as("before it is sent").isLessThanOrEqualTo(log.length);
                assertThat(page.body()).isNotInstanceOf(ByteArrayInputStream.class);
                assertThat(page.body().readAllBytes()).isEqualTo(wanted);
            }
        }
    }

    /** As Livy's clients get it, whose lines are kept in memory. */
    @Test
    void isNoLongerThanItsReaderCanKeep() throws IOException {
        byte[] log = log(300_000, 200_000);
        byte[] wanted = Arrays.copyOfRange(log, log.length - 1000, log.length);
        for (LogPage page : new LogPage[] {
            LogTail.of(new Kept(log), 100_000, 1000),
            LogTail.of(new Stream(log, true), 100_000, 1000),
            LogTail.of(new Stream(log, false), 100_000, 1000)
        }) {
            assertThat(bytes(page, log)).isEqualTo(wanted);
        }
    }

    @Test
    void endsWhereTheLogEndedWhenItWasAskedFor() throws IOException {
        byte[] log = "a\nb\nc\n".getBytes(StandardCharsets.UTF_8);
        Stream stream = new Stream(log, true);
        try (LogPage page = LogTail.of(stream, 2, LogTail.MOST_BYTES)) {
            stream.log = "a\nb\nc\nd\n".getBytes(StandardCharsets.UTF_8);
            assertThat(page.offset()).isEqualTo(2);
            assertThat(page.body().readAllBytes()).isEqualTo("b\nc\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private byte[] log(int size, int longestLine) {
        byte[] log = new byte[size];
        Arrays.fill(log, (byte) 'x');
        for (int at = random.nextInt(longestLine); at < size; at += 1 + random.nextInt(longestLine)) {
            log[at] = '\n';
        }
        if (size > 0 && random.nextBoolean()) {
            log[size - 1] = '\n';
        }
        return log;
    }

    private static byte[] lastLines(byte[] log, int lines) {
        int start = lines == 0 ? log.length : 0;
        int seen = 0;
        for (int at = log.length - 2; at >= 0 && seen < lines; at--) {
            if (log[at] == '\n' && ++seen == lines) {
                start = at + 1;
            }
        }
        return Arrays.copyOfRange(log, Math.max(start, log.length - LogTail.MOST_BYTES), log.length);
    }

    private static byte[] bytes(LogPage opened, byte[] log) throws IOException {
        try (LogPage page = opened) {
            byte[] bytes = page.body().readAllBytes();
            assertThat(page.offset()).isEqualTo(log.length - bytes.length);
            return bytes;
        }
    }

    private static final class Kept implements LogBytes {
        private final byte[] log;
        private int largest;

        Kept(byte[] log) {
            this.log = log;
        }

        @Override
        public long size() {
            return log.length;
        }

        @Override
        public byte[] read(long position, int length) {
            largest = Math.max(largest, length);
            int from = (int) Math.min(position, log.length);
            return Arrays.copyOfRange(log, from, Math.min(log.length, from + length));
        }
    }

    private static final class Stream implements RunStream {
        private byte[] log;
        private final boolean isSizeKnown;
        private long read;

        Stream(byte[] log, boolean isSizeKnown) {
            this.log = log;
            this.isSizeKnown = isSizeKnown;
        }

        @Override
        public LogStream id() {
            return LogStream.STDOUT;
        }

        @Override
        public OptionalLong size() {
            return isSizeKnown ? OptionalLong.of(log.length) : OptionalLong.empty();
        }

        @Override
        public InputStream open(long offset) {
            int from = (int) Math.min(offset, log.length);
            return new ByteArrayInputStream(log, from, log.length - from) {
                @Override
                public synchronized int read(byte[] into, int at, int length) {
                    int count = super.read(into, at, length);
                    read += Math.max(0, count);
                    return count;
                }
            };
        }
    }
}
