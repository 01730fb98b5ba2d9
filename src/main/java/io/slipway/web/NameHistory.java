package io.slipway.web;

import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the newest jobs of one name went, as bars: oldest first, as high as they took long.
 *
 * @param trend how the job's own time compares; {@code null} where there is nothing to compare
 */
record NameHistory(List<Bar> bars, @Nullable String trend) {

    /** Jobs of one name that are looked at. */
    static final int MOST = 30;

    static final int HEIGHT = 60;
    private static final int LOWEST = 3;
    private static final double STEP = Timeline.WIDTH / MOST;

    /**
     * One of the jobs.
     *
     * @param words its state and how long it took
     * @param isThis whether it is the job whose page it is
     */
    record Bar(String id, StateBadge state, String at, String words, boolean isThis, double x, double height) {

        public double y() {
            return HEIGHT - height;
        }

        public double width() {
            return STEP - 4;
        }
    }

    static NameHistory of(Job job, List<Job> newest) {
        List<Job> jobs = new ArrayList<>(newest);
        Collections.reverse(jobs);
        long longest = jobs.stream()
                .flatMap(each -> time(each).stream())
                .mapToLong(Duration::toMillis)
                .max()
                .orElse(1);
        List<Bar> bars = new ArrayList<>();
        for (Job each : jobs) {
            bars.add(bar(each, each.id().equals(job.id()), STEP * bars.size() + 2, Math.max(1, longest)));
        }
        return new NameHistory(bars, trend(job, newest));
    }

    private static Bar bar(Job job, boolean isThis, double x, long longest) {
        StateBadge state = StateBadge.of(job.state());
        Optional<Duration> time = time(job);
        double height =
                LOWEST + (HEIGHT - LOWEST) * time.map(Duration::toMillis).orElse(0L) / (double) longest;
        return new Bar(
                job.id().value(),
                state,
                job.createdAt().toString(),
                state.word() + time.map(took -> ", " + TimeText.exact(took)).orElse(""),
                isThis,
                x,
                Math.round(height * 10) / 10.0);
    }

    /** Of a job that began and ended. */
    private static Optional<Duration> time(Job job) {
        Instant started = job.startedAt();
        Instant ended = job.endedAt();
        return started == null || ended == null ? Optional.empty() : Optional.of(Duration.between(started, ended));
    }

    private static @Nullable String trend(Job job, List<Job> newest) {
        List<Duration> earlier = newest.stream()
                .filter(each -> each.id().compareTo(job.id()) < 0 && each.state() == JobState.SUCCEEDED)
                .flatMap(each -> time(each).stream())
                .sorted()
                .toList();
        if (earlier.isEmpty()) {
            return null;
        }
        Duration median = earlier.get(earlier.size() / 2);
        String usual = "median of " + earlier.size() + " that succeeded before: " + TimeText.exact(median);
        if (job.state() != JobState.SUCCEEDED || median.toMillis() < 1000) {
            return usual;
        }
        long percent = Math.round(
                100.0 * (time(job).orElse(Duration.ZERO).toMillis() - median.toMillis()) / median.toMillis());
        return usual
                + (percent == 0
                        ? ", this one the same"
                        : ", this one " + Math.abs(percent) + " % " + (percent > 0 ? "longer" : "shorter"));
    }
}
