package io.slipway.logs;

import org.jspecify.annotations.Nullable;

/** The storage of the logs does not answer. That says nothing about the run. */
public final class LogsUnavailable extends RuntimeException {

    LogsUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
