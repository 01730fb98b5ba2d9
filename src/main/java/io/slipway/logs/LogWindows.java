package io.slipway.logs;

import io.slipway.compute.LogStream;
import io.slipway.jobs.Job;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;

/**
 * Looks at a log through a window of a few hundred lines, wherever in it. However long the log is, less than a MiB of it is held at
 * once, and no more than a bounded part is read for one answer.
 */
@Component
public class LogWindows {

    private static final long COUNTED_A_CALL = 512L << 20;
    private static final int INDEXES = 200;

    private final JobLogs logs;
    private final Map<String, LineIndex> indexes = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LineIndex> eldest) {
            return size() > INDEXES;
        }
    };

    LogWindows(JobLogs logs) {
        this.logs = logs;
    }

    /** From where a window is counted. */
    public enum Anchor {
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
     * @param lines the position of the first byte of each line that has it, in their order
     * @param searchedTo where to go on; a line may be found once more there
     * @param isOver whether the end of the log was reached
     */
    public record Hits(List<Long> lines, long searchedTo, boolean isOver) {
        public Hits {
            lines = List.copyOf(lines);
        }
    }

    /** @throws UnknownLog when there is no such stream */
    public LogWindow look(Job job, OptionalInt attempt, LogStream stream, Anchor anchor, long at, int lines)
            throws IOException {
        LineReader reader = open(job, attempt, stream);
        return switch (anchor) {
            case END -> reader.upTo(Long.MAX_VALUE, lines);
            case BEFORE -> reader.upTo(at, lines);
            case FROM -> reader.from(at, lines);
            case LINE -> reader.around(at, lines);
        };
    }

    /**
     * The number of the line that begins at a position.
     *
     * @return empty when more lines have to be counted than one call does; the next call goes on
     */
    public OptionalLong number(Job job, OptionalInt attempt, LogStream stream, long position) throws IOException {
        LineReader reader = open(job, attempt, stream);
        long at = Math.min(position, reader.log().size());
        OptionalLong breaks = reader.index().breaksBefore(reader.log(), at, COUNTED_A_CALL);
        return breaks.isPresent() ? OptionalLong.of(breaks.getAsLong() + 1) : breaks;
    }

    /** Looks for lines with a text, in any case of ASCII letters, from a position to the end, as far as one call looks. */
    public Hits find(Job job, OptionalInt attempt, LogStream stream, String text, long from) throws IOException {
        return new LogSearch(text).in(open(job, attempt, stream), from);
    }

    /**
     * Why the program of a job ended, by the first of the streams that tells it.
     *
     * @param streams of the last attempt, the likeliest first
     */
    public LastWords lastWords(Job job, List<LogStream> streams) {
        return LastWords.of(streams, stream -> look(job, OptionalInt.empty(), stream, Anchor.END, 0, LastWords.LINES));
    }

    private LineReader open(Job job, OptionalInt attempt, LogStream name) throws IOException {
        JobLogs.OpenLog log = logs.open(job, attempt, name);
        return new LineReader(log.bytes(), index(log.key()));
    }

    private LineIndex index(String key) {
        synchronized (indexes) {
            return Optional.ofNullable(indexes.get(key)).orElseGet(() -> {
                LineIndex made = new LineIndex();
                indexes.put(key, made);
                return made;
            });
        }
    }
}
