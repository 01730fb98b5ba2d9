package io.slipway.logs;

import io.slipway.jobs.Cause;
import io.slipway.jobs.Explanation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A traceback as what can be kept of it: the error in parts, and the lines with paths of the project in place of those of the machine.
 * Whoever wrote the log may be a stranger, so that everything is bounded and no control character stays.
 */
record CauseText(Cause cause, String traceback) {

    private static final Pattern FRAME = Pattern.compile("([\\s|]*File \")([^\"]{1,4096})(\", line (\\d{1,9})\\b.*)");

    /** What the folder of a container on YARN makes of every path below it. */
    private static final Pattern CONTAINER = Pattern.compile("/\\S{0,400}?/container_(?:e\\d+_)?\\d+_\\d+_\\d+_\\d+/");

    private static final Pattern ERROR =
            Pattern.compile("(?:Caused by: |: )?([A-Za-z_$][\\w$]*+(?:\\.[\\w$<>]++)*+)(?::\\s*(.*))?");

    private static final Pattern OF_A_GROUP = Pattern.compile("\\s*\\|\\s?");

    /** Of both sets, and what would turn a line round on the screen or begin another. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069&&[^\\t]]");

    private static final int LONGEST_LINE = 2000;

    /** @param inProject the path in the project of a path that is printed */
    static CauseText of(Traceback printed, Function<String, Optional<String>> inProject) {
        List<String> lines = printed.lines().stream()
                .map(line -> CONTROLS.matcher(line).replaceAll("\uFFFD"))
                .toList();
        Frame frame = Frame.NONE;
        for (String line : lines) {
            frame = frame.then(line, inProject);
        }
        List<String> shown = lines.stream().map(line -> shown(line, inProject)).toList();
        return new CauseText(cause(lines, frame), bounded(shown));
    }

    /** Of an exception that came without its frames. */
    static Cause withoutTraceback(String type, String message) {
        String plain = message.lines()
                .map(line -> CONTROLS.matcher(line).replaceAll("\uFFFD"))
                .collect(Collectors.joining("\n"));
        return new Cause(CONTROLS.matcher(type).replaceAll("\uFFFD"), plain, null, null);
    }

    /** The frame of the project that was met last. */
    private record Frame(@Nullable String file, @Nullable Integer line) {
        static final Frame NONE = new Frame(null, null);

        Frame then(String line, Function<String, Optional<String>> inProject) {
            Matcher frame = FRAME.matcher(line);
            return frame.matches()
                    ? inProject
                            .apply(frame.group(2))
                            .map(file -> new Frame(file, Integer.valueOf(frame.group(4))))
                            .orElse(this)
                    : this;
        }
    }

    private static String shown(String line, Function<String, Optional<String>> inProject) {
        Matcher frame = FRAME.matcher(line);
        if (!frame.matches()) {
            return line;
        }
        String path = frame.group(2);
        return frame.group(1)
                + inProject.apply(path).orElseGet(() -> CONTAINER.matcher(path).replaceFirst(""))
                + frame.group(3);
    }

    private static Cause cause(List<String> lines, Frame frame) {
        int at = errorIn(lines);
        if (at < 0) {
            // Of a group of exceptions, whose lines stand behind bars.
            List<String> bare = lines.stream()
                    .map(line -> OF_A_GROUP.matcher(line).replaceFirst(""))
                    .toList();
            at = errorIn(bare);
            return cause(at < 0 ? lines.get(lines.size() - 1).strip() : bare.get(at), "", frame);
        }
        return cause(lines.get(at), rest(lines, at), frame);
    }

    private static Cause cause(String line, String rest, Frame frame) {
        Matcher error = ERROR.matcher(line);
        if (!error.matches()) {
            return new Cause(null, line + rest, frame.file(), frame.line());
        }
        String message = (error.group(2) == null ? "" : error.group(2)) + rest;
        return new Cause(error.group(1), message.strip(), frame.file(), frame.line());
    }

    private static String rest(List<String> lines, int error) {
        return lines.subList(error + 1, lines.size()).stream()
                .map(line -> "\n" + line)
                .collect(Collectors.joining());
    }

    /** Where the last error's own line is: behind the frames of the last traceback, or in a cause that Java gives. */
    private static int errorIn(List<String> lines) {
        int error = -1;
        boolean inFrames = false;
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (TracebackReader.begins(line)) {
                inFrames = true;
            } else if (inFrames && !line.isBlank() && !line.startsWith(" ")) {
                error = at;
                inFrames = false;
            } else if (!inFrames && (line.startsWith("Caused by: ") || line.startsWith(": "))) {
                error = at;
            }
        }
        return error;
    }

    private static String bounded(List<String> lines) {
        for (int longest = LONGEST_LINE; ; longest /= 2) {
            int most = longest;
            String text = lines.stream().map(line -> cut(line, most)).collect(Collectors.joining("\n"));
            if (text.getBytes(StandardCharsets.UTF_8).length <= Explanation.LONGEST_TRACEBACK || longest < 40) {
                return text;
            }
        }
    }

    private static String cut(String line, int longest) {
        if (line.length() <= longest) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(longest - 1)) ? longest - 1 : longest;
        return line.substring(0, end) + "…";
    }
}
