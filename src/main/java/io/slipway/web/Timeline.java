package io.slipway.web;

import io.slipway.control.HistoryText;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job's history: how long it was in each state, and every line that was written about it. */
record Timeline(List<Span> spans, List<Line> lines, Total total) {

    /**
     * How long it was in all its states together.
     *
     * @param since ISO time from which that goes on counting; {@code null} when it is over
     */
    record Total(String words, @Nullable String since) {}

    /** The bar is this wide, in its own units. */
    static final double WIDTH = 1000;

    /** So that a state that took no time can still be seen. */
    private static final double NARROWEST = 10;

    /**
     * Some time in one state.
     *
     * @param x left edge in the bar
     * @param since ISO time from which the duration goes on counting; {@code null} when it is over
     * @param millis how long it was until now
     */
    record Span(
            StateBadge state,
            int attempt,
            String duration,
            @Nullable String since,
            long millis,
            double x,
            double width) {}

    /** One line of the history. */
    record Line(
            TimeText at,
            StateBadge to,
            boolean isNote,
            @Nullable String reason,
            @Nullable String message,
            String by) {}

    private record Stay(JobState state, int attempt, Instant from, Instant to, boolean isOpen) {
        Duration time() {
            return Duration.between(from, to);
        }
    }

    /** @param began when the run of each attempt began, by its cluster's clock: that may be known before, or without, an event of it */
    static Timeline of(List<JobEvent> events, Map<Integer, Instant> began, Instant now) {
        List<Stay> stays = withRunning(stays(events, now), began);
        return new Timeline(spans(stays), lines(events, now), total(stays));
    }

    /** What began and ended between two looks has run, too, and what was seen running had begun before. */
    private static List<Stay> withRunning(List<Stay> stays, Map<Integer, Instant> began) {
        List<Stay> all = new ArrayList<>();
        for (int at = 0; at < stays.size(); at++) {
            Stay stay = stays.get(at);
            Instant start = began.get(stay.attempt());
            if (start == null
                    || !isBeforeRunning(stay)
                    || isBeforeRunning(stays, at + 1, stay.attempt())
                    || !start.isBefore(stay.to())) {
                all.add(stay);
                continue;
            }
            Instant from = start.isBefore(stay.from()) ? stay.from() : start;
            all.add(new Stay(stay.state(), stay.attempt(), stay.from(), from, false));
            Stay running = new Stay(JobState.RUNNING, stay.attempt(), from, stay.to(), stay.isOpen());
            boolean isSeen = at + 1 < stays.size() && stays.get(at + 1).state() == JobState.RUNNING;
            if (isSeen) {
                Stay seen = stays.get(++at);
                running = new Stay(JobState.RUNNING, seen.attempt(), from, seen.to(), seen.isOpen());
            }
            all.add(running);
        }
        return all;
    }

    private static boolean isBeforeRunning(Stay stay) {
        return stay.state() == JobState.SUBMITTING || stay.state() == JobState.PENDING;
    }

    private static boolean isBeforeRunning(List<Stay> stays, int at, int attempt) {
        return at < stays.size() && stays.get(at).attempt() == attempt && isBeforeRunning(stays.get(at));
    }

    private static List<Stay> stays(List<JobEvent> events, Instant now) {
        List<JobEvent> changes =
                events.stream().filter(event -> event.from() != event.to()).toList();
        List<Stay> stays = new ArrayList<>();
        int attempt = 1;
        for (int at = 0; at < changes.size(); at++) {
            JobEvent change = changes.get(at);
            // Lines of an earlier version do not tell the attempt.
            attempt = Math.max(attempt, change.attempt());
            boolean last = at == changes.size() - 1;
            if (!change.to().isTerminal()) {
                stays.add(new Stay(
                        change.to(),
                        attempt,
                        change.at(),
                        last ? now : changes.get(at + 1).at(),
                        last));
            }
        }
        return stays;
    }

    private static List<Span> spans(List<Stay> stays) {
        double all = stays.stream().mapToDouble(stay -> millis(stay)).sum();
        double free = WIDTH - NARROWEST * stays.size();
        List<Span> spans = new ArrayList<>();
        double x = 0;
        for (Stay stay : stays) {
            double width = NARROWEST + (all > 0 ? free * millis(stay) / all : free / stays.size());
            spans.add(new Span(
                    StateBadge.of(stay.state()),
                    stay.attempt(),
                    TimeText.exact(stay.time()),
                    stay.isOpen() ? stay.from().toString() : null,
                    Math.max(0, stay.time().toMillis()),
                    Math.round(x * 10) / 10.0,
                    Math.max(2, Math.round((width - 2) * 10) / 10.0)));
            x += width;
        }
        return spans;
    }

    private static double millis(Stay stay) {
        return Math.max(0, stay.time().toMillis());
    }

    private static List<Line> lines(List<JobEvent> events, Instant now) {
        return events.stream()
                .map(event -> new Line(
                        TimeText.of(event.at(), now),
                        StateBadge.of(event.to()),
                        event.from() == event.to(),
                        event.reasonCode() == null ? null : String.valueOf(event.reasonCode()),
                        HistoryText.of(event),
                        event.by()))
                .toList();
    }

    private static Total total(List<Stay> stays) {
        if (stays.isEmpty()) {
            return new Total("", null);
        }
        Stay last = stays.get(stays.size() - 1);
        Instant from = stays.get(0).from();
        return new Total(TimeText.exact(Duration.between(from, last.to())), last.isOpen() ? from.toString() : null);
    }
}
