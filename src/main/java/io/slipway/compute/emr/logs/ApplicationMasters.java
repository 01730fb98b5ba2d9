package io.slipway.compute.emr.logs;

import io.slipway.compute.LogStream;
import io.slipway.compute.emr.logs.LogFolders.LogFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Which container of an attempt of an application is its master. It is the one of the lowest number, but not always {@code 000001}: what
 * YARN allocates and throws away uses up a number, and containers' logs come in any order. So the lowest that is there is it only when
 * nothing lower can come, or when it says so itself.
 */
final class ApplicationMasters {

    private static final Logger log = LoggerFactory.getLogger(ApplicationMasters.class);

    /** Both kinds of container name themselves in their first lines. */
    private static final int HEAD = 64 << 10;

    private static final Pattern NAMES_ITSELF =
            Pattern.compile("(?m)^.{0,200}?\\b(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\\b.{0,200}?"
                    + "\\b(?:(?<master>ApplicationMaster)|(?:Yarn)?CoarseGrainedExecutorBackend)\\b");

    private static final int KEPT = 1000;

    private enum Says {
        MASTER,
        EXECUTOR,
        NOTHING,
        /** Now; it may be the master's or not. */
        UNREADABLE
    }

    private final S3Client s3;

    /** What was read of the beginning of a log, by the object and its content. */
    private final Map<LogFile, Says> read = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LogFile, Says> eldest) {
            return size() > KEPT;
        }
    };

    ApplicationMasters(S3Client s3) {
        this.s3 = s3;
    }

    /**
     * The master among the containers of one attempt; empty while that is not certain.
     *
     * @param isComplete whether no further logs come
     */
    Optional<ContainerName> find(String bucket, SortedMap<ContainerName, LogParts> containers, boolean isComplete) {
        ContainerName lowest = containers.firstKey();
        if (lowest.isFirstPossible()) {
            return Optional.of(lowest);
        }
        boolean isIt = switch (whatItSays(bucket, Objects.requireNonNull(containers.get(lowest)))) {
            case MASTER -> true;
            case EXECUTOR, UNREADABLE -> false;
            case NOTHING -> isComplete;
        };
        return isIt ? Optional.of(lowest) : Optional.empty();
    }

    private Says whatItSays(String bucket, LogParts container) {
        List<LogFile> stderr = container.log("stderr").orElse(List.of());
        if (stderr.isEmpty()) {
            return Says.NOTHING;
        }
        LogFile first = stderr.get(0);
        synchronized (read) {
            Says known = read.get(first);
            if (known != null) {
                return known;
            }
        }
        try (InputStream in = new S3LogStream(s3, bucket, stderr, LogStream.SPARK).open(0)) {
            Says says = whoWrote(new String(in.readNBytes(HEAD), StandardCharsets.UTF_8));
            synchronized (read) {
                read.put(first, says);
            }
            return says;
        } catch (IOException unreadable) {
            log.debug("What container wrote {} cannot be read: {}", first.key(), unreadable.toString());
            return Says.UNREADABLE;
        }
    }

    private static Says whoWrote(String head) {
        Matcher names = NAMES_ITSELF.matcher(head);
        if (!names.find()) {
            return Says.NOTHING;
        }
        return names.group("master") == null ? Says.EXECUTOR : Says.MASTER;
    }
}
