package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.web.AnsiText.Piece;
import org.junit.jupiter.api.Test;

class AnsiTextTest {

    private static final String ESC = "\u001b";

    @Test
    void aLineWithoutSequencesIsOnePiece() {
        assertThat(AnsiText.of("plain [31m text")).containsExactly(new Piece("plain [31m text", null));
    }

    @Test
    void coloursBeginAndEnd() {
        assertThat(AnsiText.of(ESC + "[1;31mERROR" + ESC + "[0m in " + ESC + "[96mmain" + ESC + "[39m!"))
                .containsExactly(
                        new Piece("ERROR", "ansi-red ansi-bold"),
                        new Piece(" in ", null),
                        new Piece("main", "ansi-cyan"),
                        new Piece("!", null));
    }

    @Test
    void coloursOfAPaletteAreTakenWhereTheyHaveAName() {
        assertThat(AnsiText.of(ESC + "[38;5;9ma" + ESC + "[38;5;200mb" + ESC + "[38;2;1;2;3;4mc"))
                .containsExactly(
                        new Piece("a", "ansi-red"),
                        new Piece("b", "ansi-red"),
                        new Piece("c", "ansi-red ansi-underlined"));
    }

    @Test
    void whatMovesACursorIsLeftOut() {
        assertThat(AnsiText.of("10%" + ESC + "[2K" + ESC + "[1A" + ESC + "]0;title\u0007done" + ESC + "[?25h"))
                .extracting(Piece::text)
                .containsExactly("10%", "done");
    }

    @Test
    void nonsenseHarmsNothing() {
        assertThat(AnsiText.of(ESC)).isEmpty();
        assertThat(AnsiText.of("a" + ESC + "[99999999999999999mb"))
                .extracting(Piece::text)
                .containsExactly("a", "b");
    }
}
