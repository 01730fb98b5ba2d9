package io.slipway.logs;

import io.slipway.compute.LogStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** In which streams of a run the reason of its end may stand, the likeliest first. */
public final class ProgramLogs {

    private static final LogStream STEP = LogStream.ofStep("stderr");

    private ProgramLogs() {}

    /**
     * Where a program's traceback is: its last attempt on YARN has the last word, and stderr, where it is apart, comes before stdout.
     */
    public static List<LogStream> ofProgram(List<LogInfo> streams) {
        List<LogStream> words = new ArrayList<>(attempts(streams, LogStream.STDERR));
        words.addAll(attempts(streams, LogStream.STDOUT));
        return words;
    }

    /** Where Spark says with which status the program ended: the driver's own log, else what its step printed. */
    static List<LogStream> ofSpark(List<LogInfo> streams) {
        List<LogStream> words = new ArrayList<>(attempts(streams, LogStream.SPARK));
        words.addAll(attempts(streams, STEP));
        words.addAll(attempts(streams, LogStream.STDERR));
        return words;
    }

    /** The stream of every attempt on YARN, the last one first. */
    public static List<LogStream> attempts(List<LogInfo> streams, LogStream which) {
        return streams.stream()
                .map(LogInfo::stream)
                .filter(stream -> stream.ofAttempt(1).equals(which))
                .sorted(Comparator.comparingInt(LogStream::attempt).reversed())
                .toList();
    }
}
