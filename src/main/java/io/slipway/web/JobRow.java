package io.slipway.web;

import io.slipway.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job as one line of the list.
 *
 * @param runningSince ISO time from which the shown duration goes on counting; {@code null} when it stands still
 */
record JobRow(
        String id,
        String name,
        StateBadge state,
        Place place,
        List<Label> labels,
        TimeText created,
        @Nullable String duration,
        @Nullable String runningSince,
        @Nullable String reason) {

    /** Where, whose and the how-manieth try. */
    record Place(String cluster, String owner, int attempt, int maxAttempts) {}

    record Label(String key, String value) {

        static List<Label> of(Job job) {
            return new TreeMap<>(job.spec().labels())
                    .entrySet().stream()
                            .map(label -> new Label(label.getKey(), label.getValue()))
                            .toList();
        }

        @Override
        public String toString() {
            return key + "=" + value;
        }
    }

    static JobRow of(Job job, Instant now) {
        Instant started = job.startedAt();
        Instant ended = job.endedAt();
        return new JobRow(
                job.id(),
                job.name(),
                StateBadge.of(job.state()),
                new Place(
                        job.cluster(),
                        job.owner(),
                        job.attempt(),
                        job.spec().limits().maxAttempts()),
                Label.of(job),
                TimeText.of(job.createdAt(), now),
                started == null ? null : TimeText.exact(Duration.between(started, ended == null ? now : ended)),
                started != null && ended == null ? started.toString() : null,
                job.reason().map(reason -> reason.message()).orElse(null));
    }
}
