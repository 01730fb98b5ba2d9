package io.slipway.compute.emr;

import io.slipway.compute.RunStream;
import io.slipway.compute.emr.LogFolders.LogFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The files of one step, or of one container, put together to its streams. EMR cuts long ones by the hour ({@code
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
            parts.computeIfAbsent(matcher.group(1), stream -> new TreeMap<>()).put(stamp, file);
        }
    }

    /** @param name of a stream by that of its files */
    Collection<RunStream> streams(S3Client s3, String bucket, UnaryOperator<String> name) {
        List<RunStream> streams = new ArrayList<>();
        parts.forEach((stream, files) ->
                streams.add(new S3LogStream(s3, name.apply(stream), bucket, List.copyOf(files.values()))));
        return streams;
    }
}
