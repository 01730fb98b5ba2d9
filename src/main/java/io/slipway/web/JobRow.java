package io.slipway.web;

import io.slipway.compute.RunProgress;
import io.slipway.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job as one line of the list.
 *
 * @param percent how far the stages are that are at work; {@code null} while nobody has asked
 * @param reason the first line of why it ended as it did: of the program's exception, where there is one
 */
record JobRow(
        String id,
        String name,
        StateBadge state,
        RunInfo runInfo,
        List<Label> labels,
        Times times,
        @Nullable String reason,
        @Nullable Integer percent) {

    /**
     * When it was.
     *
     * @param runningSince ISO time from which the shown duration goes on counting; {@code null} when it stands still
     */
    record Times(
            TimeText created,
            @Nullable TimeText ended,
            @Nullable String duration,
            @Nullable String runningSince) {

        static Times of(Job job, Instant now) {
            Instant started = job.startedAt();
            Instant ended = job.endedAt();
            return new Times(
                    TimeText.of(job.createdAt(), now),
                    TimeText.orNull(ended, now),
                    started == null ? null : TimeText.exact(Duration.between(started, ended == null ? now : ended)),
                    started != null && ended == null ? started.toString() : null);
        }
    }

    public TimeText created() {
        return times.created();
    }

    public @Nullable TimeText ended() {
        return times.ended();
    }

    public @Nullable String duration() {
        return times.duration();
    }

    public @Nullable String runningSince() {
        return times.runningSince();
    }

    /** Where, whose and the how-manieth try. */
    record RunInfo(String cluster, String owner, int attempt, int maxAttempts) {}

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
        return of(job, Optional.empty(), now);
    }

    /** @param progress as far as it is known */
    static JobRow of(Job job, Optional<RunProgress> progress, Instant now) {
        return new JobRow(
                job.id().value(),
                job.name(),
                StateBadge.of(job.state()),
                new RunInfo(
                        job.cluster(),
                        job.owner().value(),
                        job.attempt(),
                        job.spec().limits().maxAttempts()),
                Label.of(job),
                Times.of(job, now),
                job.reason().map(Headline::of).orElse(null),
                progress.filter(known -> !known.stages().isEmpty())
                        .map(RunProgress::percent)
                        .orElse(null));
    }
}
