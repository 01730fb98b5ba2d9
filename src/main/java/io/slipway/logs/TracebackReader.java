package io.slipway.logs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one traceback, and on through what belongs to it: those that Python chains, those of the workers that Spark quotes within its
 * own errors, and the causes that Java gives.
 */
final class TracebackReader {

    private static final String BEGIN = "Traceback (most recent call last):";

    private static final Set<String> CHAINS = Set.of(
            "During handling of the above exception, another exception occurred:",
            "The above exception was the direct cause of the following exception:");

    /** {@code PythonException: An exception was thrown from the Python worker. Please see the stack trace below.} */
    private static final Pattern QUOTES_A_WORKER = Pattern.compile("\\s+An exception was thrown from .*");

    private static final Pattern JAVA_STACK = Pattern.compile(
            "\\s+at [\\w.$]++[^(]*+\\(.*\\)|\\s+\\.\\.\\. \\d+ (?:more|common frames omitted)|Driver stacktrace:");

    /** {@code 26/11/22 17:20:05 INFO …}: Spark's own log went on. */
    private static final Pattern LOG_LINE =
            Pattern.compile("\\[?\\d{2,4}[-/]\\d{2}[-/]\\d{2}[ T]\\d{2}:\\d{2}:\\d{2}.*");

    private final List<String> printed;
    private final List<String> taken = new ArrayList<>();
    private int at;
    private int indent;

    /** How much of what was taken ends with a worker's traceback; causes that Java gives beyond say nothing new. */
    private int endOfWorker;

    private TracebackReader(List<String> printed, int at) {
        this.printed = printed;
        this.at = at;
    }

    /** @param isLast whether nothing but what Spark logs follows */
    record Found(List<String> lines, boolean isLast) {}

    static Optional<Found> last(List<String> printed) {
        List<String> last = List.of();
        int end = 0;
        int at = 0;
        while (at < printed.size()) {
            if (begins(printed.get(at))) {
                TracebackReader reader = new TracebackReader(printed, at);
                last = reader.read();
                at = reader.at;
                end = at;
            } else {
                at++;
            }
        }
        return last.isEmpty() ? Optional.empty() : Optional.of(new Found(last, isQuiet(printed, end)));
    }

    private static boolean isQuiet(List<String> printed, int from) {
        return printed.subList(from, printed.size()).stream()
                .allMatch(line -> line.isBlank()
                        || JAVA_STACK.matcher(line).matches()
                        || LOG_LINE.matcher(line).matches());
    }

    static boolean begins(String line) {
        return line.stripTrailing().endsWith(BEGIN);
    }

    private List<String> read() {
        String before = printed.get(at).substring(0, printed.get(at).lastIndexOf(BEGIN));
        indent = before.isBlank() ? before.length() : 0;
        at++;
        taken.add(BEGIN);
        framesAndMessage();
        boolean more = true;
        while (more) {
            more = next();
        }
        return endOfWorker > 0 ? taken.subList(0, endOfWorker) : taken;
    }

    /** What follows and belongs to it. */
    private boolean next() {
        int from = at;
        while (isThere() && (line().isBlank() || JAVA_STACK.matcher(line()).matches())) {
            at++;
        }
        if (!isThere()) {
            return false;
        }
        if (CHAINS.contains(line())) {
            return chained();
        }
        boolean isOfJava = line().startsWith("Caused by: ") || line().startsWith(": ");
        if (begins(line()) && (isOfJava || (from == at && quotesAWorker()))) {
            worker();
            return true;
        }
        if (isOfJava) {
            taken.add(line());
            at++;
            message();
            return true;
        }
        return false;
    }

    private boolean chained() {
        String sentence = line();
        int begin = at + 1;
        while (begin < printed.size() && printed.get(begin).isBlank()) {
            begin++;
        }
        if (begin == printed.size() || !begins(printed.get(begin))) {
            return false;
        }
        taken.addAll(List.of("", sentence, "", BEGIN));
        at = begin + 1;
        endOfWorker = 0;
        framesAndMessage();
        return true;
    }

    /** Spark prints it in its own error, and once more as the error's cause. */
    private void worker() {
        List<String> before = List.copyOf(taken);
        taken.add(line());
        at++;
        int first = taken.size();
        framesAndMessage();
        if (Collections.indexOfSubList(before, taken.subList(first, taken.size())) >= 0) {
            taken.subList(before.size(), taken.size()).clear();
        } else {
            endOfWorker = taken.size();
        }
    }

    private void framesAndMessage() {
        while (isThere() && line().startsWith(" ") && !begins(line())) {
            take();
        }
        if (isThere() && !line().isBlank() && !begins(line())) {
            take();
            message();
        }
    }

    /** The rest of a message of several lines. */
    private void message() {
        while (isThere() && isMessage(line())) {
            take();
        }
    }

    private static boolean isMessage(String line) {
        return !line.isBlank()
                && !begins(line)
                && !CHAINS.contains(line)
                && !line.startsWith("Caused by: ")
                && !JAVA_STACK.matcher(line).matches()
                && !LOG_LINE.matcher(line).matches();
    }

    private boolean quotesAWorker() {
        return QUOTES_A_WORKER.matcher(taken.get(taken.size() - 1)).matches();
    }

    private boolean isThere() {
        return at < printed.size();
    }

    private void take() {
        taken.add(line());
        at++;
    }

    private String line() {
        String line = printed.get(at);
        int blanks = 0;
        while (blanks < indent && blanks < line.length() && line.charAt(blanks) == ' ') {
            blanks++;
        }
        return line.substring(blanks);
    }
}
