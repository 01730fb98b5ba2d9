package io.slipway.web;

import io.slipway.compute.LogStream;
import io.slipway.compute.LogStream.Role;
import io.slipway.logs.LogInfo;
import io.slipway.logs.ProgramLogs;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a run side by side: those of the program and of the step as tabs, those of the containers, of which there may be very
 * many, as a list behind one tab.
 *
 * @param containers the list
 * @param container the one of them that is shown, or that the tab leads to; {@code null} when there are none
 * @param title of the list's tab
 */
record LogTabs(
        List<LogTab> tabs,
        List<LogTab> containers,
        @Nullable String container,
        String title,
        boolean showsContainer) {

    static final LogTabs NONE = new LogTabs(List.of(), List.of(), null, "", false);

    private static final Set<Role> MANY = EnumSet.of(Role.CONTAINER, Role.EXECUTOR);

    /** What people wait for. */
    private static final Set<Role> OF_DRIVER = EnumSet.of(Role.PROGRAM, Role.SPARK);

    /** Says why there is no output of the program. */
    private static final LogStream STEP = LogStream.ofStep("stderr");

    LogTabs {
        tabs = List.copyOf(tabs);
        containers = List.copyOf(containers);
    }

    /** @param coming streams that are to be expected; some may be there already */
    static LogTabs of(List<LogInfo> streams, LogStream shown, List<LogStream> coming) {
        List<LogInfo> few = new ArrayList<>();
        List<LogTab> many = new ArrayList<>();
        for (LogInfo stream : streams) {
            if (isOneOfMany(stream.stream())) {
                many.add(tab(stream));
            } else {
                few.add(stream);
            }
        }
        boolean showsContainer = isOneOfMany(shown);
        String first = many.isEmpty() ? null : many.get(0).stream();
        return new LogTabs(
                tabs(few, coming),
                many,
                showsContainer ? shown.toString() : first,
                streams.stream().anyMatch(log -> log.stream().role() == Role.CONTAINER) ? "containers" : "executors",
                showsContainer);
    }

    private static List<LogTab> tabs(List<LogInfo> streams, List<LogStream> coming) {
        List<LogStream> there = streams.stream().map(LogInfo::stream).toList();
        List<LogTab> tabs = new ArrayList<>();
        coming.stream()
                .filter(stream -> OF_DRIVER.contains(stream.role()) && !there.contains(stream))
                .map(stream -> new LogTab(stream.toString(), title(stream), "", false))
                .forEach(tabs::add);
        streams.stream().map(LogTabs::tab).forEach(tabs::add);
        return tabs;
    }

    /** What to show first: the program's output, of its last attempt on YARN; what it printed last when it failed. */
    static LogStream likeliest(List<LogInfo> streams, boolean failed, List<LogStream> coming) {
        List<LogStream> there = streams.stream().map(LogInfo::stream).toList();
        List<LogStream> program =
                failed ? ProgramLogs.ofProgram(streams) : ProgramLogs.attempts(streams, LogStream.STDOUT);
        if (!program.isEmpty()) {
            return failed ? withText(streams, program).orElse(program.get(0)) : program.get(0);
        }
        boolean waits = there.isEmpty() || coming.contains(LogStream.STDOUT);
        return waits ? LogStream.STDOUT : there.contains(STEP) ? STEP : there.get(0);
    }

    /** What ended without a word on one stream, as one that ran out of time does, may have said much on another. */
    private static Optional<LogStream> withText(List<LogInfo> streams, List<LogStream> wanted) {
        return wanted.stream()
                .filter(stream -> streams.stream()
                        .filter(log -> log.stream().equals(stream))
                        .anyMatch(log -> log.size().orElse(1) > 0))
                .findFirst();
    }

    private static boolean isOneOfMany(LogStream stream) {
        return MANY.contains(stream.role());
    }

    private static LogTab tab(LogInfo log) {
        String size = log.size().isPresent() ? LogTab.size(log.size().getAsLong()) : "";
        return new LogTab(log.stream().toString(), title(log.stream()), size, true);
    }

    private static String title(LogStream stream) {
        String what = switch (stream.role()) {
            case PROGRAM -> stream.name();
            case SPARK -> "Spark log";
            case MASTER -> "application master " + stream.name();
            case STEP -> "step " + stream.name();
            case CONTAINER -> "container " + stream.container() + " " + stream.name();
            case EXECUTOR -> "executor " + stream.container() + " " + stream.name();
        };
        return stream.attempt() == 1 ? what : what + " (attempt " + stream.attempt() + " on YARN)";
    }
}
