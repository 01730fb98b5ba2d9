package io.slipway.api.stream;

import io.slipway.control.Wait;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a job in the queue waits for, as the job itself shows it in {@code waitingFor}; {@code null} when it waits for its turn alone. */
record QueueWaitView(@Nullable What waitingFor) {

    record What(String kind, @Nullable String state, Instant since, String message) {}

    static QueueWaitView of(@Nullable Wait wait) {
        return new QueueWaitView(
                wait == null
                        ? null
                        : new What(
                                wait.kind().name().toLowerCase(Locale.ROOT),
                                wait.state(),
                                wait.since(),
                                wait.message()));
    }
}
