package io.slipway.logs;

import org.jspecify.annotations.Nullable;

/** The place where the logs lie does not answer. That says nothing about the run. */
public final class LogsUnavailable extends RuntimeException {

    LogsUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
