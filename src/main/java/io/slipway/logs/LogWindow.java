package io.slipway.logs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some whole lines of a log.
 *
 * @param start position of the first line's first byte
 * @param end position after the last line, its line break included
 * @param open where the last line begins, when it is the log's last and has no line break yet: more of it may come; else {@code null}
 * @param firstLine number of the first line, from 1; {@code null} while the lines before it are not counted
 * @param lines without line breaks; the sequences that colour a terminal stay in them
 * @param log all of it
 */
public record LogWindow(
        long start, long end, @Nullable Long open, @Nullable Long firstLine, List<String> lines, Extent log) {

    public LogWindow {
        lines = List.copyOf(lines);
    }

    /** The lines as they read, without colours. */
    List<String> plainLines() {
        return lines.stream().map(LogText::plain).toList();
    }

    /**
     * How much of a log can be read now.
     *
     * @param size in bytes
     * @param progress 0 to 1 while a compressed log is being inflated; 1 once all of it that there is can be read
     * @param trouble why what can be read is not all of it, in a sentence for people; {@code null} when it is, or will be
     */
    public record Extent(
            long size, double progress, @Nullable String trouble) {

        /** Whether what is its end now is not going to be its end. */
        public boolean inflating() {
            return progress < 1;
        }
    }
}
