package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Windows of whole lines, however a program wrote them. */
class LineReaderTest {

    private static final long END = Long.MAX_VALUE;

    @Test
    void aLineWithoutAnEndIsAskedForAgainAndIsOneLineStill() throws IOException {
        MemoryLog log = new MemoryLog("first\nloading");
        LineReader reader = new LineReader(log, new LineIndex());
        LogWindow seen = reader.upTo(END, 10);
        assertThat(seen.lines()).containsExactly("first", "loading");
        assertThat(seen.open()).isEqualTo(6);

        log.print("done\nnext\n");
        LogWindow again = reader.from(seen.open(), 10);
        assertThat(again.lines()).containsExactly("loadingdone", "next");
        assertThat(again.firstLine()).isEqualTo(2);
        assertThat(again.open()).isNull();
    }

    @Test
    void aWindowWithinALogIsNotOpen() throws IOException {
        LineReader reader = new LineReader(new MemoryLog("a\nb\nc"), new LineIndex());
        assertThat(reader.from(0, 2).open()).isNull();
        assertThat(reader.from(0, 3).open()).isEqualTo(4);
        assertThat(reader.upTo(4, 2).open()).isNull();
        assertThat(reader.upTo(END, 2).lines()).containsExactly("b", "c");
    }

    @Test
    void aProgressBarIsOneLineThatShowsItsLastStandHoweverLongItWritesOverItself() throws IOException {
        StringBuilder bar = new StringBuilder("start\n");
        for (int step = 0; step <= 20_000; step++) {
            bar.append('\r')
                    .append(step)
                    .append("/20000 |")
                    .append("#".repeat(step % 60))
                    .append('|');
        }
        MemoryLog log = new MemoryLog(bar.toString());
        LineReader reader = new LineReader(log, new LineIndex());
        LogWindow seen = reader.upTo(END, 500);
        assertThat(seen.lines()).singleElement().asString().startsWith("20000/20000 |");
        assertThat(seen.start()).isEqualTo(6);
        assertThat(seen.firstLine()).isEqualTo(2);
        assertThat(seen.open()).isEqualTo(6);

        log.print("\rready\nnext\n");
        LogWindow again = reader.from(6, 500);
        assertThat(again.lines()).containsExactly("ready");
        assertThat(reader.from(again.end(), 500).lines()).containsExactly("next");
        assertThat(reader.from(again.end(), 500).firstLine()).isEqualTo(3);
        assertThat(reader.upTo(again.end(), 500).lines()).containsExactly("ready");
        assertThat(reader.upTo(6, 500).lines()).containsExactly("start");
    }

    @Test
    void aVeryLongLineIsOneLineThatIsCut() throws IOException {
        LineReader reader = new LineReader(new MemoryLog("a\n" + "x".repeat(2_000_000) + "\nb\n"), new LineIndex());
        LogWindow seen = reader.from(2, 500);
        assertThat(seen.lines())
                .singleElement()
                .asString()
                .hasSizeLessThan(9000)
                .endsWith("the whole line)");
        assertThat(seen.end()).isEqualTo(2_000_003);
        assertThat(reader.upTo(END, 2).lines()).containsExactly("b");
        assertThat(reader.startOfLine(1_999_999)).isEqualTo(2);
    }

    @Test
    void aShortProgressBarShowsItsLastStandToo() {
        byte[] bytes =
                ("1 %\r" + "x".repeat(20_000) + "\r100 %\r\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(LogText.lines(bytes, 0, bytes.length)).containsExactly("100 %");
    }

    @Test
    void anEmptyLogHasNoLines() throws IOException {
        LogWindow seen = new LineReader(new MemoryLog(""), new LineIndex()).upTo(END, 10);
        assertThat(seen.lines()).isEmpty();
        assertThat(seen.open()).isNull();
        assertThat(seen.log().size()).isZero();
    }

    @Test
    void searchesInAnyCaseOfAsciiLettersAndInOtherLettersAsTheyAre() throws IOException {
        LineReader reader = new LineReader(new MemoryLog("one\nÜbersicht der PREISE\n"), new LineIndex());
        assertThat(new LogSearch("Übersicht").in(reader, 0).lines()).containsExactly(4L);
        assertThat(new LogSearch("ÜBERSICHT DER preise").in(reader, 0).lines()).containsExactly(4L);
        assertThat(new LogSearch("Preise!").in(reader, 0).lines()).isEmpty();
        assertThat(new LogSearch("Preise!").in(reader, 0).isOver()).isTrue();
    }
}
