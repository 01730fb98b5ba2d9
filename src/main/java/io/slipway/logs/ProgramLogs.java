package io.slipway.logs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which streams of a run tell what of its end, the likeliest first. */
public final class ProgramLogs {

    private static final Pattern OF_DRIVER = Pattern.compile("(?:attempt-(\\d{1,6})-)?driver-(stdout|stderr)");

    private ProgramLogs() {}

    /**
     * Where a program's traceback is: in cluster mode Spark puts Python's stderr into the stdout of the driver's container, whose last
     * attempt has the last word.
     */
    public static List<String> ofProgram(List<LogInfo> streams) {
        List<String> names = ofDriver(streams, "stdout");
        names.addAll(List.of("stderr", "stdout"));
        return names;
    }

    /** Where Spark says with which status the program ended: the driver's own log, else what the step printed. */
    static List<String> ofSpark(List<LogInfo> streams) {
        List<String> names = ofDriver(streams, "stderr");
        names.addAll(List.of("spark", "step-stderr", "stderr"));
        return names;
    }

    /** Whether what the program printed is among them, and not only what was printed round it. */
    static boolean isOutputThere(List<LogInfo> streams, boolean onPrimaryNode) {
        boolean isByRole = streams.stream().anyMatch(stream -> stream.name().startsWith("step-"));
        return !ofDriver(streams, "stdout").isEmpty()
                || ((isByRole || onPrimaryNode)
                        && streams.stream().anyMatch(stream -> stream.name().equals("stdout")));
    }

    private static List<String> ofDriver(List<LogInfo> streams, String name) {
        List<String> names = new ArrayList<>();
        streams.stream()
                .map(stream -> OF_DRIVER.matcher(stream.name()))
                .filter(driver -> driver.matches() && driver.group(2).equals(name))
                .sorted(Comparator.comparingInt(ProgramLogs::attempt).reversed())
                .forEach(driver -> names.add(driver.group()));
        return names;
    }

    private static int attempt(Matcher driver) {
        return driver.group(1) == null ? 1 : Integer.parseInt(driver.group(1));
    }
}
