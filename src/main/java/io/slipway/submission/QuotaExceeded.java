package io.slipway.submission;

import java.time.Duration;

/** The owner has, or sends, as much as is allowed; nothing was accepted and the same request may be sent later. */
public final class QuotaExceeded extends RuntimeException {

    /** What there is too much of. */
    public enum Kind {
        JOBS,
        SUBMISSIONS
    }

    private final Kind kind;
    private final Duration retryAfter;

    QuotaExceeded(Kind kind, Duration retryAfter, String message) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** When the request may well be taken: known for submissions a minute, a guess for jobs. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
