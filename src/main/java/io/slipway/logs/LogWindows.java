package io.slipway.logs;

import io.slipway.compute.RunStream;
import io.slipway.jobs.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Looks at a log through a window of a few hundred lines, wherever in it. However long the log is, at most {@value #MOST_BYTES} bytes
 * of it are held at once, and no more than a bounded part is read for one answer.
 */
@Component
public class LogWindows {

    private static final int MOST_BYTES = 512 * 1024;

    /** Read at once to number the lines of a window; a long log is numbered by {@link #number} in several calls. */
    private static final long COUNTED_AT_ONCE = 64L << 20;

    private static final long COUNTED_A_CALL = 512L << 20;
    private static final long SEARCHED_A_CALL = 128L << 20;
    private static final int SEARCH_STEP = 1 << 20;
    private static final int INDEXES = 200;

    private final JobLogs logs;
    private final InflatedLogs inflated;
    private final Map<String, LineIndex> indexes = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LineIndex> eldest) {
            return size() > INDEXES;
        }
    };

    LogWindows(JobLogs logs, InflatedLogs inflated) {
        this.logs = logs;
        this.inflated = inflated;
    }

    /** A place to look at. */
    public enum Place {
        /** The last lines. */
        END,
        /** The lines that end at a position. */
        BEFORE,
        /** The lines that begin at a position. */
        FROM,
        /** The lines round a line number. */
        LINE
    }

    /**
     * What a search found.
     *
     * @param position of the first byte of the line; {@code null} when there is none up to {@code searchedTo}
     * @param searchedTo where to go on
     * @param isOver whether the end (or the beginning) of the log was reached
     */
    public record Found(@Nullable Long position, long searchedTo, boolean isOver) {}

    /** One stream of one attempt, for as long as it takes to answer one question. */
    private record Log(String key, LogBytes bytes) {}

    /** @throws UnknownLog when there is no such stream */
    public LogWindow look(Job job, OptionalInt attempt, String stream, Place place, long at, int lines)
            throws IOException {
        Log log = open(job, attempt, stream);
        long size = log.bytes().size();
        return switch (place) {
            case END -> upTo(log, size, size, lines);
            case BEFORE -> upTo(log, Math.min(at, size), size, lines);
            case FROM -> from(log, Math.min(at, size), size, lines);
            case LINE -> from(log, index(log).positionOf(log.bytes(), Math.max(1, at - lines / 3)), size, lines);
        };
    }

    /**
     * The number of the line that begins at a position.
     *
     * @return empty when more lines have to be counted than one call does; the next call goes on
     */
    public OptionalLong number(Job job, OptionalInt attempt, String stream, long position) throws IOException {
        Log log = open(job, attempt, stream);
        return plusOne(index(log)
                .breaksBefore(log.bytes(), Math.min(position, log.bytes().size()), COUNTED_A_CALL));
    }

    /** Looks for text, in any case of ASCII letters, from a position to the end. */
    public Found find(Job job, OptionalInt attempt, String stream, String text, long from) throws IOException {
        Log log = open(job, attempt, stream);
        byte[] wanted = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        long position = from;
        while (position - from < SEARCHED_A_CALL) {
            byte[] bytes = log.bytes().read(position, SEARCH_STEP + wanted.length);
            int found = indexOf(bytes, wanted);
            if (found >= 0) {
                return new Found(startOfLine(log, position + found), position + found + 1, false);
            }
            if (bytes.length < SEARCH_STEP + wanted.length) {
                return new Found(null, position + bytes.length, true);
            }
            position += SEARCH_STEP;
        }
        return new Found(null, position, false);
    }

    private Log open(Job job, OptionalInt attempt, String name) throws IOException {
        RunStream stream = logs.find(job, attempt, name);
        String key = job.id() + "-" + attempt.orElse(job.attempt()) + "/" + name;
        LogBytes bytes = stream.size().isPresent() ? LogBytes.of(stream) : inflated.of(key, stream);
        return new Log(key, bytes);
    }

    private LogWindow upTo(Log log, long end, long size, int lines) throws IOException {
        int look = (int) Math.min(end, MOST_BYTES);
        byte[] bytes = log.bytes().read(end - look, look);
        int start = LogTail.startOfLastLines(bytes, bytes.length, lines);
        if (start == 0 && look < end) {
            // The first line is not whole; a line longer than the window stays as it is.
            start = Math.max(0, nextLine(bytes));
        }
        return window(log, end - look + start, bytes, start, bytes.length, size);
    }

    private LogWindow from(Log log, long start, long size, int lines) throws IOException {
        byte[] bytes = log.bytes().read(start, MOST_BYTES);
        int end = 0;
        int seen = 0;
        for (int at = 0; at < bytes.length && seen < lines; at++) {
            if (bytes[at] == '\n') {
                end = at + 1;
                seen++;
            }
        }
        if (seen < lines && (start + bytes.length >= size || end == 0)) {
            end = bytes.length;
        }
        return window(log, start, bytes, 0, end, size);
    }

    private LogWindow window(Log log, long start, byte[] bytes, int from, int to, long size) throws IOException {
        OptionalLong first = plusOne(index(log).breaksBefore(log.bytes(), start, COUNTED_AT_ONCE));
        return new LogWindow(
                start,
                start + to - from,
                size,
                first.isPresent() ? first.getAsLong() : null,
                LogText.lines(bytes, from, to),
                log.bytes().progress());
    }

    private LineIndex index(Log log) {
        synchronized (indexes) {
            return Optional.ofNullable(indexes.get(log.key())).orElseGet(() -> {
                LineIndex made = new LineIndex();
                indexes.put(log.key(), made);
                return made;
            });
        }
    }

    private static long startOfLine(Log log, long position) throws IOException {
        int look = (int) Math.min(position, MOST_BYTES);
        byte[] before = log.bytes().read(position - look, look);
        for (int at = before.length - 1; at >= 0; at--) {
            if (before[at] == '\n') {
                return position - look + at + 1;
            }
        }
        return position - look;
    }

    private static int nextLine(byte[] bytes) {
        for (int at = 0; at < bytes.length - 1; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && lower(bytes[at + same]) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }

    private static OptionalLong plusOne(OptionalLong breaks) {
        return breaks.isPresent() ? OptionalLong.of(breaks.getAsLong() + 1) : breaks;
    }
}
