package io.slipway.web;

import io.slipway.compute.Target;
import io.slipway.logs.LogInfo;
import io.slipway.logs.ProgramLogs;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a run side by side: those of the driver and of the step as tabs, those of the executors, of which there may be very
 * many, as a list behind one tab.
 *
 * @param executors the list
 * @param executor the one of them that is shown, or that the tab leads to; {@code null} when there are none
 */
record LogTabs(
        List<LogTab> tabs, List<LogTab> executors, @Nullable String executor, boolean showsExecutor) {

    static final LogTabs NONE = new LogTabs(List.of(), List.of(), null, false);

    private static final Pattern CONTAINER =
            Pattern.compile("(?:attempt-(\\d+)-)?(driver|master|executor)-(?:(\\d+)-)?(stdout|stderr)");
    private static final List<String> DRIVER = List.of("driver-stdout", "driver-stderr");

    LogTabs {
        tabs = List.copyOf(tabs);
        executors = List.copyOf(executors);
    }

    /** @param mayHaveDriver whether a driver's output is to be expected, though it may not be there yet */
    static LogTabs of(List<LogInfo> streams, String shown, Target.Kind kind, boolean mayHaveDriver) {
        List<LogTab> tabs = new ArrayList<>();
        List<LogTab> executors = new ArrayList<>();
        for (LogInfo stream : streams) {
            (isExecutor(stream.name()) ? executors : tabs).add(tab(stream, kind));
        }
        if (mayHaveDriver && streams.stream().noneMatch(each -> isOfContainer(each.name()))) {
            // They come last of all, and are what people wait for.
            DRIVER.forEach(name -> tabs.add(DRIVER.indexOf(name), new LogTab(name, title(name, kind), "", false)));
        }
        boolean showsExecutor = isExecutor(shown);
        String executor = executors.isEmpty() ? null : executors.get(0).stream();
        return new LogTabs(tabs, executors, showsExecutor ? shown : executor, showsExecutor);
    }

    /** What to show first: the driver's output, of its last attempt when it failed. */
    static String likeliest(List<LogInfo> streams, boolean failed, boolean mayHaveDriver) {
        List<String> names = failed ? ProgramLogs.ofProgram(streams) : List.of("driver-stdout", "stdout", "stderr");
        List<String> there = streams.stream().map(LogInfo::name).toList();
        return names.stream()
                .filter(there::contains)
                .findFirst()
                .orElseGet(() -> !there.isEmpty() ? there.get(0) : mayHaveDriver ? DRIVER.get(0) : "stdout");
    }

    /** Whether it is printed in a container of YARN, and not by the step itself. */
    static boolean isOfContainer(String stream) {
        return CONTAINER.matcher(stream).matches();
    }

    private static boolean isExecutor(String stream) {
        Matcher container = CONTAINER.matcher(stream);
        return container.matches() && "executor".equals(container.group(2));
    }

    private static LogTab tab(LogInfo log, Target.Kind kind) {
        String size = log.size().isPresent() ? LogTab.size(log.size().getAsLong()) : "";
        return new LogTab(log.name(), title(log.name(), kind), size, true);
    }

    private static String title(String name, Target.Kind kind) {
        Matcher container = CONTAINER.matcher(name);
        if (container.matches()) {
            String what = "executor".equals(container.group(2))
                    ? "container " + container.group(3)
                    : container.group(2).equals("master") ? "application master" : "driver";
            String again = container.group(1) == null ? "" : " (attempt " + container.group(1) + " on YARN)";
            return what + " " + container.group(4) + again;
        }
        boolean ofStep = kind == Target.Kind.EMR && (name.equals("stdout") || name.equals("stderr"));
        return ofStep ? "step " + name : name.replace('-', ' ');
    }
}
