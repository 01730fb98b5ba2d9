package io.slipway.logs;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The run has no stream of this name: not yet, or never. */
public final class UnknownLog extends RuntimeException {

    private final @Nullable Duration pause;

    private UnknownLog(String message, @Nullable Duration pause) {
        super(message);
        this.pause = pause;
    }

    static UnknownLog never(String message) {
        return new UnknownLog(message, null);
    }

    static UnknownLog notYet(String message, Duration pause) {
        return new UnknownLog(message, pause);
    }

    /** When it makes sense to ask again; empty when it never does. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(pause);
    }
}
