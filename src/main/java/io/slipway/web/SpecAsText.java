package io.slipway.web;

import io.slipway.jobs.Job;
import io.slipway.project.JobSpec;
import io.slipway.project.Launch;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a job, as text: to be read on its page, or to be edited for another run. One entry a line.
 *
 * @param environment the names alone: values are write-only, and a name alone keeps its value for another run
 */
record SpecAsText(
        String name,
        String cluster,
        Program program,
        String sparkConf,
        String environment,
        String labels,
        Limits limits) {

    static final SpecAsText EMPTY =
            new SpecAsText("", "", new Program("", "", Launching.EMPTY), "", "", "", new Limits("", "", "", 0));

    record Program(String entryPoint, String arguments, Launching launching) {}

    /** @param maxAttempts empty where nobody has said */
    record Limits(String timeout, String queueTimeout, String maxAttempts, int priority) {}

    /** @param container as {@code image=…}; empty but in mode container */
    record Launching(
            String layout,
            String mode,
            String container,
            String pythonPath,
            String pythonEnvironment,
            String executionRole) {

        static final Launching EMPTY = new Launching("", "", "", "", "", "");

        static Launching of(Launch launch) {
            Launch.Container container = launch.container();
            return new Launching(
                    launch.layout().name().toLowerCase(Locale.ROOT),
                    launch.mode().name().toLowerCase(Locale.ROOT),
                    container == null ? "" : "image=" + container.image(),
                    lines(launch.python().path()),
                    Objects.requireNonNullElse(launch.python().environment(), ""),
                    Objects.requireNonNullElse(launch.executionRole(), ""));
        }
    }

    static SpecAsText of(Job job) {
        JobSpec spec = job.spec();
        return new SpecAsText(
                job.name(),
                job.cluster(),
                new Program(
                        String.valueOf(spec.program().entryPoint()),
                        lines(spec.program().arguments()),
                        Launching.of(spec.program().launch())),
                lines(pairs(spec.sparkConf())),
                lines(spec.environment().keySet().stream().sorted().toList()),
                lines(pairs(spec.labels())),
                new Limits(
                        text(spec.limits().timeout()),
                        text(spec.limits().queueTimeout()),
                        Integer.toString(spec.limits().maxAttempts()),
                        spec.limits().priority()));
    }

    private static List<String> pairs(Map<String, String> map) {
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private static String lines(List<String> each) {
        return each.stream().collect(Collectors.joining("\n"));
    }

    private static String text(@Nullable Duration time) {
        return time == null ? "" : time.toString();
    }
}
