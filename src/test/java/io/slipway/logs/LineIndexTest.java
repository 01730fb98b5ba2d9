package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LineIndexTest {

    private static final int LINES = 200_000;

    /** Lines of different lengths, about 3 MB: many blocks of the index. */
    private final String written = text();

    private final byte[] text = written.getBytes(StandardCharsets.UTF_8);
    private final LogBytes log = new MemoryLog(written);

    @Test
    void countsTheLinesBeforeAnyPosition() throws IOException {
        LineIndex index = new LineIndex();
        for (int position : new int[] {0, 1, 262_144, 262_145, 1_000_000, text.length}) {
            assertThat(index.breaksBefore(log, position, Long.MAX_VALUE))
                    .as("before %d", position)
                    .isEqualTo(OptionalLong.of(breaks(position)));
        }
    }

    @Test
    void findsTheBeginningOfAnyLine() throws IOException {
        LineIndex index = new LineIndex();
        for (int line : new int[] {1, 2, 17_000, 100_000, LINES}) {
            int position = (int) index.positionOf(log, line);
            assertThat(new String(text, position, 20, StandardCharsets.UTF_8)).startsWith("line " + line + " ");
        }
    }

    @Test
    void goesToTheLastLineWhenThereAreFewer() throws IOException {
        int position = (int) new LineIndex().positionOf(log, LINES * 10L);
        assertThat(position).isEqualTo(text.length);
    }

    @Test
    void goesOnFromWhereItsBudgetEnded() throws IOException {
        LineIndex index = new LineIndex();
        int calls = 1;
        while (index.breaksBefore(log, text.length, 4 << 20).isEmpty()) {
            calls++;
        }
        assertThat(calls).isLessThanOrEqualTo(2);
        assertThat(index.breaksBefore(log, text.length, 0)).hasValue(LINES);
    }

    private long breaks(int before) {
        long count = 0;
        for (int at = 0; at < before; at++) {
            count += text[at] == '\n' ? 1 : 0;
        }
        return count;
    }

    private static String text() {
        StringBuilder text = new StringBuilder();
        for (int line = 1; line <= LINES; line++) {
            text.append("line ")
                    .append(line)
                    .append(" ")
                    .append("x".repeat(line % 23))
                    .append('\n');
        }
        return text.toString();
    }
}
