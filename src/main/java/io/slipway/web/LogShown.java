package io.slipway.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of the output of one attempt before any script ran, and which log of it.
 *
 * @param line the one that was asked for; {@code null} for none
 * @param about what a reader of this log has to know; {@code null} for nothing
 */
record LogShown(
        int attempt,
        LogTabs tabs,
        String stream,
        @Nullable Long line,
        @Nullable String about,
        LogLook look) {

    /**
     * A line with its number and its colours.
     *
     * @param no {@code null} where the lines before it are not counted yet
     */
    record Line(@Nullable Long no, boolean isMarked, List<AnsiText.Piece> pieces) {}

    public List<Line> lines() {
        var window = look.window();
        if (window == null) {
            return List.of();
        }
        Long first = window.firstLine();
        List<Line> lines = new java.util.ArrayList<>();
        for (String text : window.lines()) {
            Long no = first == null ? null : Long.valueOf(first + lines.size());
            lines.add(new Line(no, no != null && no.equals(line), AnsiText.of(text)));
        }
        return lines;
    }
}
