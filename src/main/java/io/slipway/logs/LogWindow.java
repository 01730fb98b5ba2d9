package io.slipway.logs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some whole lines of a log.
 *
 * @param start position of the first line's first byte
 * @param end position after the last line, its line break included
 * @param size bytes that can be read now
 * @param firstLine number of the first line, from 1; {@code null} while the lines before it are not counted
 * @param lines without line breaks; the last one may be unfinished
 * @param progress 0 to 1 while a compressed log is being inflated; 1 once all of it that there is can be read
 */
public record LogWindow(
        long start, long end, long size, @Nullable Long firstLine, List<String> lines, double progress) {

    public LogWindow {
        lines = List.copyOf(lines);
    }
}
