package io.slipway.web;

import io.slipway.jobs.Application;
import io.slipway.jobs.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as a line of its job's page.
 *
 * @param sent when it was about to be sent to the cluster
 * @param began by the cluster's clock; {@code null} for one that has not begun, or never did
 * @param ran how long, from its begin to its end or until now; {@code null} with the begin
 * @param runningSince ISO time from which that goes on counting; {@code null} when it stands still
 */
record AttemptRow(
        int attempt,
        TimeText sent,
        @Nullable TimeText began,
        @Nullable String ran,
        @Nullable String runningSince,
        boolean isOver,
        Facts facts) {

    /** What the cluster said of it. */
    record Facts(
            @Nullable Integer exitStatus,
            @Nullable String remoteId,
            @Nullable String applicationId) {}

    static AttemptRow of(Run run, Instant now) {
        Instant began = run.startedAt();
        Instant ended = run.endedAt();
        return new AttemptRow(
                run.attempt(),
                TimeText.of(run.intentAt(), now),
                TimeText.orNull(began, now),
                began == null ? null : TimeText.exact(Duration.between(began, ended == null ? now : ended)),
                began != null && ended == null ? began.toString() : null,
                ended != null,
                new Facts(
                        run.exitStatus(),
                        run.remoteId(),
                        Optional.ofNullable(run.application())
                                .map(Application::id)
                                .orElse(null)));
    }
}
