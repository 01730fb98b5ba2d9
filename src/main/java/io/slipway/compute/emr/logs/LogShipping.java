package io.slipway.compute.emr.logs;

import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.LogStream;
import io.slipway.compute.LogStream.Role;
import io.slipway.jobs.Application;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which logs a step leaves in S3, and until when EMR brings them there. */
public final class LogShipping {

    /** What was not shipped this long after the end of a step is not shipped any more. */
    private static final Duration LATEST = Duration.ofMinutes(20);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private static final String SHIPS = "EMR ships logs about every five minutes.";
    private static final String NO_APPLICATION = " Which YARN application the step started, and so where its containers"
            + " print, is read from the step's stderr.";
    private static final String NO_DRIVER = " Which container is the driver's is known when its log is there.";

    private static final List<String> OF_STEP = List.of("controller", "syslog", "stdout", "stderr");

    private LogShipping() {}

    /** Whether no further logs come. */
    public static boolean isOver(@Nullable Instant endedAt, Instant now) {
        return endedAt != null && !now.isBefore(endedAt.plus(LATEST));
    }

    /** @param never why there are none; {@code null} when there are */
    public static ExpectedLogs expected(
            boolean hasDriverOnYarn, @Nullable Application application, boolean isOver, @Nullable String never) {
        List<LogStream> streams = new ArrayList<>(List.of(LogStream.STDOUT, LogStream.SPARK));
        OF_STEP.stream().map(LogStream::ofStep).forEach(streams::add);
        Set<Role> others = EnumSet.of(Role.CONTAINER, Role.EXECUTOR);
        if (!hasDriverOnYarn) {
            others.add(Role.MASTER);
        }
        return new ExpectedLogs(
                streams, others, !isOver, LOOK_AGAIN, notYet(hasDriverOnYarn, application != null), never);
    }

    private static Map<Role, String> notYet(boolean hasDriverOnYarn, boolean isApplicationKnown) {
        Map<Role, String> notYet = new EnumMap<>(Role.class);
        Stream.of(Role.values()).forEach(role -> notYet.put(role, SHIPS + (isApplicationKnown ? "" : NO_APPLICATION)));
        notYet.put(Role.STEP, SHIPS);
        for (Role ofDriver : List.of(Role.PROGRAM, Role.SPARK)) {
            if (!hasDriverOnYarn) {
                notYet.put(ofDriver, SHIPS);
            } else if (isApplicationKnown) {
                notYet.put(ofDriver, SHIPS + NO_DRIVER);
            }
        }
        return notYet;
    }
}
