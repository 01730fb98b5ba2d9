package io.slipway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of strangers, as the page shows them. */
class ResultShownTest {

    @Test
    void valuesWithCommasAreATable() {
        CsvTable table = shown("out/a.CSV", "sku,price\r\nA1,\"3,50\"\n\"B \"\"2\"\"\",\"two\nlines\"\n")
                .table();

        assertThat(table.head()).containsExactly("sku", "price");
        assertThat(table.rows()).containsExactly(List.of("A1", "3,50"), List.of("B \"2\"", "two\nlines"));
        assertThat(table.cut()).isFalse();
    }

    @Test
    void semicolonsAndTabsSeparateValuesToo() {
        assertThat(shown("a.csv", "a;b\n1;2\n").table().rows()).containsExactly(List.of("1", "2"));
        assertThat(shown("a.tsv", "a\tb\n1\t2\n").table().rows()).containsExactly(List.of("1", "2"));
    }

    @Test
    void aLongTableIsCut() {
        CsvTable table = shown("a.csv", "n\n" + "1\n".repeat(2000)).table();

        assertThat(table.rows()).hasSize(500);
        assertThat(table.cut()).isTrue();
    }

    @Test
    void aPageIsItsOwnSource() {
        ResultShown shown = shown("report.html", "<script>alert(1)</script>");

        assertThat(shown.text()).isEqualTo("<script>alert(1)</script>");
        assertThat(shown.isPicture()).isFalse();
    }

    @Test
    void aPictureIsWhatBeginsAsOne() {
        assertThat(ResultShown.of("a.txt", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0})
                        .isPicture())
                .isTrue();
        assertThat(shown("a.png", "<svg onload=alert(1)>").isPicture()).isFalse();
    }

    @Test
    void whatIsNoTextIsNotShown() {
        ResultShown shown = ResultShown.of("model.bin", new byte[] {1, 0, 2});

        assertThat(shown.text()).isNull();
        assertThat(shown.table()).isNull();
    }

    private static ResultShown shown(String path, String content) {
        return ResultShown.of(path, content.getBytes(UTF_8));
    }
}
