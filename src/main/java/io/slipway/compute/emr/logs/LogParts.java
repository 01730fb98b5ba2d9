package io.slipway.compute.emr.logs;

import io.slipway.compute.emr.logs.LogFolders.LogFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of one step, or of one container, put together to its logs. EMR cuts long ones by the hour ({@code
 * stderr.2016-03-03-17.gz}); the names are never guessed.
 */
final class LogParts {

    private static final Pattern FILE =
            Pattern.compile("(controller|syslog|stderr|stdout)(?:\\.([0-9][0-9-]*))?(?:\\.gz)?");

    /** After every hour stamp: what has none is the hour that was last written to. */
    private static final String LATEST = "~";

    private final Map<String, TreeMap<String, LogFile>> parts = new TreeMap<>();

    /** @param name of the file in its folder; what is no log is left out */
    void add(String name, LogFile file) {
        Matcher matcher = FILE.matcher(name);
        if (matcher.matches()) {
            String stamp = matcher.group(2) == null ? LATEST : matcher.group(2);
            parts.computeIfAbsent(matcher.group(1), log -> new TreeMap<>()).put(stamp, file);
        }
    }

    /** The parts of each log in their order, by the log's name. */
    Map<String, List<LogFile>> logs() {
        Map<String, List<LogFile>> logs = new LinkedHashMap<>();
        parts.forEach((name, files) -> logs.put(name, List.copyOf(files.values())));
        return logs;
    }

    Optional<List<LogFile>> log(String name) {
        return Optional.ofNullable(parts.get(name)).map(files -> List.copyOf(files.values()));
    }
}
